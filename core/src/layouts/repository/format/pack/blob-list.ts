import type { BlobType } from '../../engine/blob-type.ts';
import { ID_BYTES } from '../object-id.ts';

/** A blob of a pack. Lengths and offsets in bytes. */
export interface PackedBlob {
  readonly type: BlobType;
  readonly id: Uint8Array;
  readonly offset: number;
  /** Sealed, as it lies in the pack. */
  readonly length: number;
  /** When decompressed; 0 for one that is not compressed. */
  readonly uncompressedLength: number;
}

/** The blobs of one pack in columns, because a repository has millions of them. */
export class BlobList {
  #count = 0;
  #types = new Uint8Array(16);
  #ids = new Uint8Array(16 * ID_BYTES);
  #offsets = new Uint32Array(16);
  #lengths = new Uint32Array(16);
  #uncompressedLengths = new Uint32Array(16);

  get count(): number {
    return this.#count;
  }

  /** The ids, 32 bytes each. */
  get blobIds(): Uint8Array {
    return this.#ids.subarray(0, this.#count * ID_BYTES);
  }

  get lengths(): Uint32Array {
    return this.#lengths.subarray(0, this.#count);
  }

  get uncompressedLengths(): Uint32Array {
    return this.#uncompressedLengths.subarray(0, this.#count);
  }

  readonly types = (index: number): BlobType => (this.#types[index] === 1 ? 'tree' : 'data');
  readonly offsets = (index: number): number => this.#offsets[index] as number;

  add(blob: PackedBlob): void {
    const at = this.#count;
    if (at === this.#types.length) this.#grow();
    this.#types[at] = blob.type === 'tree' ? 1 : 0;
    this.#ids.set(blob.id, at * ID_BYTES);
    this.#offsets[at] = blob.offset;
    this.#lengths[at] = blob.length;
    this.#uncompressedLengths[at] = blob.uncompressedLength;
    this.#count++;
  }

  /** Its id is a view. */
  blob(index: number): PackedBlob {
    return {
      type: this.types(index),
      id: this.#ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES),
      offset: this.offsets(index),
      length: this.#lengths[index] as number,
      uncompressedLength: this.#uncompressedLengths[index] as number,
    };
  }

  *[Symbol.iterator](): Generator<PackedBlob, void> {
    for (let index = 0; index < this.#count; index++) yield this.blob(index);
  }

  #grow(): void {
    const size = this.#count * 2;
    this.#types = enlarge(this.#types, new Uint8Array(size));
    this.#ids = enlarge(this.#ids, new Uint8Array(size * ID_BYTES));
    this.#offsets = enlarge(this.#offsets, new Uint32Array(size));
    this.#lengths = enlarge(this.#lengths, new Uint32Array(size));
    this.#uncompressedLengths = enlarge(this.#uncompressedLengths, new Uint32Array(size));
  }
}

function enlarge<Column extends Uint8Array | Uint32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
