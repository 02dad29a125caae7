import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';
import { locateHeader, openHeader } from '../../format/pack/pack-header.ts';
import { blobsOf } from '../blobs-of.ts';
import type { BlobType } from '../blob-type.ts';
import type { FinishedPack } from '../protocol.ts';
import type { MasterKey } from '../../format/crypto/master-key.ts';
import { Sealer } from '../../format/crypto/sealer.ts';
import { ID_BYTES } from '../../format/object-id.ts';

/** Keeps the packs of an engine in memory, and reads back what is in them by their headers alone. */
export class PackStore {
  readonly packs: Uint8Array[] = [];
  /** Plaintext by type and id in hexadecimal. Every blob that was stored twice stands in `twice`. */
  readonly blobs = new Map<string, Buffer>();
  readonly twice: string[] = [];
  readonly #sealer: Sealer;

  constructor(key: MasterKey) {
    this.#sealer = new Sealer(key);
  }

  readonly has = (type: BlobType, ids: Uint8Array, offset: number): boolean =>
    this.blobs.has(`${type} ${Buffer.from(ids.subarray(offset, offset + ID_BYTES)).toString('hex')}`);

  readonly take = async (pack: FinishedPack): Promise<void> => {
    const bytes = Buffer.from(pack.bytes);
    if (!createHash('sha256').update(bytes).digest().equals(pack.id))
      throw new Error('The id of a pack is not that of its bytes.');
    this.packs.push(bytes);
    const { start } = locateHeader(bytes, bytes.length);
    const blobs = openHeader(this.#sealer, bytes.subarray(start, -4), start, 2);
    if (!isDeepStrictEqual([...blobs], [...blobsOf(pack)])) throw new Error('Header and list differ.');
    for (const { type, id, offset, length, uncompressedLength } of blobs) {
      this.#keep(type, Buffer.from(id), bytes.subarray(offset, offset + length), uncompressedLength);
    }
  };

  /** The bytes of a file by the ids of its chunks. */
  file(ids: Uint8Array): Buffer {
    const chunks: Buffer[] = [];
    for (let at = 0; at < ids.length; at += ID_BYTES) {
      const id = Buffer.from(ids.subarray(at, at + ID_BYTES)).toString('hex');
      const chunk = this.blobs.get(`data ${id}`);
      if (chunk === undefined) throw new Error(`No pack has the chunk ${id}.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  #keep(type: BlobType, id: Buffer, sealed: Buffer, size: number): void {
    const content = this.#open(sealed);
    const plain = size > 0 ? zstdDecompressSync(content) : content;
    if (size > 0 && plain.length !== size) throw new Error('A blob has another length than its header says.');
    if (!createHash('sha256').update(plain).digest().equals(id)) throw new Error('The id of a blob is not that of its bytes.');
    const name = `${type} ${id.toString('hex')}`;
    if (this.blobs.has(name)) this.twice.push(name);
    this.blobs.set(name, plain);
  }

  #open(sealed: Uint8Array): Buffer {
    const plain = this.#sealer.open(sealed, Buffer.alloc(sealed.length));
    if (plain === undefined) throw new Error('A seal does not fit.');
    return Buffer.from(plain);
  }
}
