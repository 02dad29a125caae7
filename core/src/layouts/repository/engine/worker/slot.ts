import type { RabinChunker } from '../../chunker/rabin-chunker.ts';
import { computeId, ID_BYTES } from '../../format/object-id.ts';

/** A part of the chunker's memory in which one task's chunks lie, from their reading until they are stored. */
export class Slot {
  /** The task's bytes; as long as the longest chunk. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly #chunker: RabinChunker;
  readonly #start: number;
  #ends: number[] = [];
  #from = 0;

  constructor(chunker: RabinChunker, index: number) {
    const size = chunker.limits.maxBytes;
    this.#chunker = chunker;
    this.#start = index * size;
    this.data = chunker.data.subarray(this.#start, this.#start + size);
  }

  get chunkCount(): number {
    return this.#ends.length;
  }

  clear(): void {
    this.#ends = [];
    this.#from = 0;
  }

  /** Cuts what lies in `data` before `end` and was not cut yet. Unless it `isLast` of its file, what is behind the last cut is left. */
  cut(end: number, isLast: boolean): void {
    const { minBytes } = this.#chunker.limits;
    if (isLast && end - this.#from <= minBytes) {
      if (end > this.#from) this.#ends.push(end);
    } else {
      for (const cut of this.#chunker.cut(this.#start + this.#from, this.#start + end, isLast))
        this.#ends.push(cut - this.#start);
    }
    this.#from = this.#ends.at(-1) ?? this.#from;
  }

  /** Takes blobs as they are, which lie one after the other in `data`. */
  takeBlobs(lengths: Uint32Array): void {
    for (const length of lengths) this.#ends.push((this.#ends.at(-1) ?? 0) + length);
  }

  /** Where the last cut is. */
  get end(): number {
    return this.#ends.at(-1) ?? 0;
  }

  chunk(index: number): Uint8Array {
    return this.data.subarray(this.#ends[index - 1] ?? 0, this.#ends[index]);
  }

  /** The id of every chunk, 32 bytes each, and its length. */
  hashChunks(): { readonly ids: Uint8Array; readonly lengths: Uint32Array } {
    const ids = new Uint8Array(this.#ends.length * ID_BYTES);
    const lengths = new Uint32Array(this.#ends.length);
    for (let index = 0; index < this.#ends.length; index++) {
      const chunk = this.chunk(index);
      ids.set(computeId(chunk), index * ID_BYTES);
      lengths[index] = chunk.length;
    }
    return { ids, lengths };
  }
}
