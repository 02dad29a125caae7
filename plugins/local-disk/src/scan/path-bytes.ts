const SLASH = 0x2f;

/** The path of the directory that is being walked, as bytes that grow and shrink with it. */
export class PathBytes {
  #bytes = new Uint8Array(4_096);
  length = 0;

  set(path: Uint8Array): void {
    this.#reserve(path.length);
    this.#bytes.set(path);
    this.length = path.length;
  }

  /** Goes down into a name, which ends with a zero byte. */
  enter(bytes: Uint8Array, offset: number): void {
    if (this.length > 0) this.#push(SLASH);
    for (let at = offset; bytes[at] !== 0; at++) this.#push(bytes[at]!);
  }

  copy(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  /** The path of a name in the directory. */
  copyWith(bytes: Uint8Array, offset: number): Uint8Array {
    const { length } = this;
    this.enter(bytes, offset);
    const path = this.copy();
    this.length = length;
    return path;
  }

  #push(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = byte;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = new Uint8Array((this.length + more) * 2);
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }
}
