import { createHash, type Hash } from 'node:crypto';
import { SEAL_OVERHEAD, type Sealer } from '../../format/crypto/sealer.ts';
import { BlobList } from '../../format/pack/blob-list.ts';
import { COMPRESSED_ENTRY_BYTES, LENGTH_BYTES } from '../../format/pack/header-layout.ts';
import { encodeHeader } from '../../format/pack/pack-header.ts';
import type { BlobType } from '../blob-type.ts';
import type { FinishedPack } from '../protocol.ts';

/** Room that a pack of `count` blobs needs after them: header and its length. */
export function trailerBytes(count: number): number {
  return count * COMPRESSED_ENTRY_BYTES + SEAL_OVERHEAD + LENGTH_BYTES;
}

/** A pack that grows in a buffer: sealed blobs one after the other, then the header (restic's `doc/design.rst`, Pack Format). */
export class PackBuilder {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  readonly #type: BlobType;
  readonly #hash: Hash = createHash('sha256');
  readonly #blobs = new BlobList();
  #length = 0;

  constructor(buffer: ArrayBuffer, type: BlobType) {
    this.#buffer = new Uint8Array(buffer);
    this.#type = type;
  }

  /** Bytes of the pack if it were finished now, at most. */
  get size(): number {
    return this.#length + trailerBytes(this.#blobs.count);
  }

  /** Whether a blob of `length` sealed bytes fits. */
  hasRoomFor(length: number): boolean {
    return this.#length + length + trailerBytes(this.#blobs.count + 1) <= this.#buffer.length;
  }

  /** Seals `plain` to the end of the pack and gives the sealed bytes. */
  append(sealer: Sealer, plain: Uint8Array, id: Uint8Array, uncompressedLength: number): Uint8Array {
    const sealed = sealer.seal(plain, this.#buffer, this.#length);
    this.#hash.update(sealed);
    this.#blobs.add({ type: this.#type, id, offset: this.#length, length: sealed.length, uncompressedLength });
    this.#length += sealed.length;
    return sealed;
  }

  finish(sealer: Sealer): FinishedPack {
    const header = sealer.seal(encodeHeader(this.#blobs), this.#buffer, this.#length);
    const end = this.#length + header.length;
    new DataView(this.#buffer.buffer).setUint32(end, header.length, true);
    this.#hash.update(this.#buffer.subarray(this.#length, end + LENGTH_BYTES));
    return {
      id: this.#hash.digest(),
      bytes: this.#buffer.subarray(0, end + LENGTH_BYTES),
      type: this.#type,
      // Copies: what the columns have in reserve need not go to another thread.
      blobIds: this.#blobs.blobIds.slice(),
      lengths: this.#blobs.lengths.slice(),
      uncompressedLengths: this.#blobs.uncompressedLengths.slice(),
    };
  }
}
