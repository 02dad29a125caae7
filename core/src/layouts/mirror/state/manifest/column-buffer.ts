/** Bytes that grow at the end: one column of a block that is being built. */
export class ColumnBuffer {
  length = 0;
  bytes: Uint8Array;
  view: DataView;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` more bytes and answers where they begin. What is there is unspecified. */
  extend(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.bytes.length) this.#grow();
    return start;
  }

  append(source: Uint8Array): void {
    const start = this.extend(source.length);
    this.bytes.set(source, start);
  }

  /** Appends a u32 length and the bytes. */
  appendWithLength(source: Uint8Array): void {
    const start = this.extend(source.length + 4);
    this.view.setUint32(start, source.length, true);
    this.bytes.set(source, start + 4);
  }

  /** The bytes so far; they stay valid, since `clear` starts in new memory. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    const bytes = new Uint8Array(Math.max(this.bytes.length * 2, this.length));
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
