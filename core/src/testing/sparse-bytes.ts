const CHUNK_BYTES = 65_536;

/** Bytes that can be changed at any offset; holes take no memory. A fork shares the bytes until either side changes them. */
export class SparseBytes {
  readonly #chunks: Map<number, Uint8Array>;
  readonly #owned = new Set<number>();
  #size: bigint;

  constructor(chunks = new Map<number, Uint8Array>(), size = 0n) {
    this.#chunks = chunks;
    this.#size = size;
  }

  get size(): bigint {
    return this.#size;
  }

  /** Bytes of memory that the chunks take. */
  get storedBytes(): bigint {
    return BigInt(Math.min(this.#chunks.size * CHUNK_BYTES, Number(this.#size)));
  }

  /** An independent copy. */
  fork(): SparseBytes {
    this.#owned.clear();
    return new SparseBytes(new Map(this.#chunks), this.#size);
  }

  writeAt(offset: bigint, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = Number(offset) + done;
      const index = Math.floor(at / CHUNK_BYTES);
      const start = at % CHUNK_BYTES;
      const part = bytes.subarray(done, done + CHUNK_BYTES - start);
      this.#ownChunk(index).set(part, start);
      done += part.length;
    }
    const end = offset + BigInt(bytes.length);
    if (end > this.#size) this.#size = end;
  }

  append(bytes: Uint8Array): void {
    this.writeAt(this.#size, bytes);
  }

  /** Cuts off, or grows by a hole. */
  setSize(size: bigint): void {
    if (size < this.#size) {
      const last = Math.floor(Number(size) / CHUNK_BYTES);
      for (const index of [...this.#chunks.keys()])
        if (index > last || BigInt(index) * BigInt(CHUNK_BYTES) === size) this.#chunks.delete(index);
      if (this.#chunks.has(last)) this.#ownChunk(last).fill(0, Number(size) % CHUNK_BYTES);
    }
    this.#size = size;
  }

  /** The bytes of a range, as far as there are any, in pieces of at most 64 KiB. */
  *read(offset = 0n, length = this.#size): Generator<Uint8Array> {
    const end = Math.min(Number(offset + length), Number(this.#size));
    for (let at = Number(offset); at < end; ) {
      const start = at % CHUNK_BYTES;
      const piece = Math.min(CHUNK_BYTES - start, end - at);
      const chunk = this.#chunks.get(Math.floor(at / CHUNK_BYTES));
      yield chunk === undefined ? new Uint8Array(piece) : chunk.slice(start, start + piece);
      at += piece;
    }
  }

  /** The ranges that are stored, ascending. */
  *extents(): Generator<{ offset: bigint; length: bigint }> {
    let open: { offset: bigint; length: bigint } | undefined;
    for (const index of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      const offset = BigInt(index) * BigInt(CHUNK_BYTES);
      const length = BigInt(Math.min(CHUNK_BYTES, Number(this.#size - offset)));
      if (open !== undefined && open.offset + open.length === offset) {
        open = { offset: open.offset, length: open.length + length };
        continue;
      }
      if (open !== undefined) yield open;
      open = { offset, length };
    }
    if (open !== undefined && open.length > 0n) yield open;
  }

  #ownChunk(index: number): Uint8Array {
    let chunk = this.#chunks.get(index);
    if (chunk === undefined || !this.#owned.has(index)) {
      chunk = chunk === undefined ? new Uint8Array(CHUNK_BYTES) : chunk.slice();
      this.#chunks.set(index, chunk);
      this.#owned.add(index);
    }
    return chunk;
  }
}
