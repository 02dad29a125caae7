/** A name in an open directory: what is made, changed or read there, without a path that others could bend. */
export interface Place {
  readonly directoryFd: number;
  /** Ends with a zero byte. */
  readonly name: Buffer;
}
