import { createHash, type Hash } from 'node:crypto';
import type { BlobType } from '../blob-type.ts';
import type { FinishedPack } from '../protocol.ts';
import { SEAL_OVERHEAD, type Sealer } from '../../format/crypto/sealer.ts';
import { ID_BYTES } from '../../format/object-id.ts';

const ENTRY_BYTES = 37;
const COMPRESSED_ENTRY_BYTES = 41;

/** One blob of an open pack. */
interface Row {
  readonly id: Uint8Array;
  readonly length: number;
  readonly uncompressedLength: number;
}

/** Room that a pack of `count` blobs needs after them: header and its length. */
export function trailerBytes(count: number): number {
  return count * COMPRESSED_ENTRY_BYTES + SEAL_OVERHEAD + 4;
}

/** A pack that grows in a buffer: sealed blobs one after the other, then the header (restic's `doc/design.rst`, Pack Format). */
export class PackBuilder {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  readonly #type: BlobType;
  readonly #hash: Hash = createHash('sha256');
  readonly #rows: Row[] = [];
  #length = 0;

  constructor(buffer: ArrayBuffer, type: BlobType) {
    this.#buffer = new Uint8Array(buffer);
    this.#type = type;
  }

  /** Bytes of the pack if it were finished now, at most. */
  get size(): number {
    return this.#length + trailerBytes(this.#rows.length);
  }

  /** Whether a blob of `length` sealed bytes fits. */
  hasRoomFor(length: number): boolean {
    return this.#length + length + trailerBytes(this.#rows.length + 1) <= this.#buffer.length;
  }

  /** Seals `plain` to the end of the pack and gives the sealed bytes. `id` must not change afterwards. */
  append(sealer: Sealer, plain: Uint8Array, id: Uint8Array, uncompressedLength: number): Uint8Array {
    const sealed = sealer.seal(plain, this.#buffer, this.#length);
    this.#hash.update(sealed);
    this.#length += sealed.length;
    this.#rows.push({ id, length: sealed.length, uncompressedLength });
    return sealed;
  }

  finish(sealer: Sealer): FinishedPack {
    const rows = this.#rows;
    const header = sealer.seal(this.#header(), this.#buffer, this.#length);
    const end = this.#length + header.length;
    new DataView(this.#buffer.buffer).setUint32(end, header.length, true);
    this.#hash.update(this.#buffer.subarray(this.#length, end + 4));
    const blobIds = new Uint8Array(rows.length * ID_BYTES);
    for (const [index, { id }] of rows.entries()) blobIds.set(id, index * ID_BYTES);
    return {
      id: this.#hash.digest(),
      bytes: this.#buffer.subarray(0, end + 4),
      type: this.#type,
      blobIds,
      lengths: Uint32Array.from(rows, (row) => row.length),
      uncompressedLengths: Uint32Array.from(rows, (row) => row.uncompressedLength),
    };
  }

  #header(): Uint8Array {
    const bytes = Buffer.alloc(this.#rows.length * COMPRESSED_ENTRY_BYTES);
    const kind = this.#type === 'tree' ? 1 : 0;
    let at = 0;
    for (const { id, length, uncompressedLength } of this.#rows) {
      const isCompressed = uncompressedLength > 0;
      bytes[at] = isCompressed ? kind + 2 : kind;
      bytes.writeUInt32LE(length, at + 1);
      if (isCompressed) bytes.writeUInt32LE(uncompressedLength, at + 5);
      at += isCompressed ? COMPRESSED_ENTRY_BYTES : ENTRY_BYTES;
      bytes.set(id, at - ID_BYTES);
    }
    return bytes.subarray(0, at);
  }
}
