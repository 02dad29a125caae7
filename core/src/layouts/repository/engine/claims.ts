import type { BlobType } from './blob-type.ts';
import { ID_BYTES } from '../format/object-id.ts';

/** Whether the repository's index has a blob: the 32 bytes of `ids` from `offset` on are its id. */
export type HasBlob = (type: BlobType, ids: Uint8Array, offset: number) => boolean;

/** The one place that decides whether a blob is stored: it knows the index and what is on its way there. */
export class Claims {
  readonly #has: HasBlob;
  readonly #pending: Readonly<Record<BlobType, Set<string>>> = { data: new Set(), tree: new Set() };

  constructor(has: HasBlob) {
    this.#has = has;
  }

  /** Whether nobody has the blob yet; who asks must store it then. */
  claim(type: BlobType, ids: Uint8Array, offset: number): boolean {
    if (this.#has(type, ids, offset)) return false;
    const pending = this.#pending[type];
    const before = pending.size;
    return pending.add(keyOf(ids, offset)).size > before;
  }

  /** Claims each of `ids`: one byte each, 1 where it is to be stored. */
  claimAll(type: BlobType, ids: Uint8Array): Uint8Array<ArrayBuffer> {
    const wanted = new Uint8Array(ids.length / ID_BYTES);
    for (let index = 0; index < wanted.length; index++) wanted[index] = Number(this.claim(type, ids, index * ID_BYTES));
    return wanted;
  }

  /** Forgets claims that the index has now. */
  release(type: BlobType, ids: Uint8Array): void {
    for (let offset = 0; offset < ids.length; offset += ID_BYTES) this.#pending[type].delete(keyOf(ids, offset));
  }
}

function keyOf(ids: Uint8Array, offset: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset + offset, ID_BYTES).toString('latin1');
}
