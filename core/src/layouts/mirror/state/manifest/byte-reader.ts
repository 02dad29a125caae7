/** Takes exact numbers of bytes from a stream of pieces of any size. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer where the stream ends before. They stay valid after later calls. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#held.length < length) await this.#fill(length);
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  /** Collects first and joins once, so that a long stretch of small pieces is not copied again and again. */
  async #fill(length: number): Promise<void> {
    const pieces = [this.#held];
    let total = this.#held.length;
    while (total < length) {
      const next = await this.#pieces.next();
      if (next.done === true) break;
      pieces.push(next.value);
      total += next.value.length;
    }
    this.#held = pieces.length === 1 ? this.#held : Buffer.concat(pieces, total);
  }
}
