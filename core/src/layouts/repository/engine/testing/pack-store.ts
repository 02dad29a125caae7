import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
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
    const headerLength = bytes.readUInt32LE(bytes.length - 4);
    const headerAt = bytes.length - 4 - headerLength;
    const header = this.#open(bytes.subarray(headerAt, -4));
    let offset = 0;
    for (let at = 0, index = 0; at < header.length; index++) {
      const kind = header[at] as number;
      const length = header.readUInt32LE(at + 1);
      const size = kind >= 2 ? header.readUInt32LE(at + 5) : 0;
      at += kind >= 2 ? 9 : 5;
      this.#keep(
        kind % 2 === 1 ? 'tree' : 'data',
        header.subarray(at, at + ID_BYTES),
        bytes.subarray(offset, offset + length),
        size,
      );
      if (length !== pack.lengths[index] || size !== pack.uncompressedLengths[index]) throw new Error('Header and list differ.');
      at += ID_BYTES;
      offset += length;
    }
    if (offset !== headerAt) throw new Error('A pack has bytes of no blob.');
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
