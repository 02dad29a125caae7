import type { Content } from '../../../contracts/content.ts';
import type { Destination } from '../../../contracts/destination.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { isHoldfastError } from '../../../errors/holdfast-error.ts';
import { damaged } from '../format/damaged.ts';
import { MAX_UNPACKED_BYTES, type StoredFile } from '../format/documents/unpacked-file.ts';
import { computeId, formatId } from '../format/object-id.ts';
import type { ObjectCache } from './cache/object-cache.ts';
import { restrictObject } from './file-modes.ts';
import { describeObject, folderOf, objectIdOf, objectKey, type ObjectKind } from './object-kind.ts';

/** An object that is there. `id` is 64 hexadecimal digits. */
export interface ListedObject {
  readonly id: string;
  /** Bytes, as it is stored. */
  readonly size: number;
  /** When it was written by the destination's clock, where that keeps times. */
  readonly mtimeNs: bigint | undefined;
}

/** Asked before every call but those for the lock itself. */
export interface CallGuard {
  /** Resolves once the lock of the repository is proved; rejects with `fenced` where it is lost. */
  prove(): Promise<void>;
}

export interface ObjectStoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Keeps what was read on this machine. */
  readonly cache?: ObjectCache | undefined;
  /** The same destination for locks alone, past limits that may be taken up for long. */
  readonly lockDestination?: Destination | undefined;
}

/**
 * The objects of a repository at a destination. Their ids are the SHA-256 of what is stored, they are written once and never changed.
 * Everything that is read and written of a repository passes here, so that nothing happens without the lock once one is held.
 */
export class ObjectStore {
  readonly destination: Destination;
  readonly cache: ObjectCache | undefined;
  /** Set while a lock is held. */
  guard: CallGuard | undefined;
  readonly #calls: { readonly signal?: AbortSignal };
  readonly #lockDestination: Destination;

  constructor(destination: Destination, { signal, cache, lockDestination = destination }: ObjectStoreOptions = {}) {
    this.destination = destination;
    this.#lockDestination = lockDestination;
    this.#lockDestination = lockDestination;
    this.cache = cache;
    this.#calls = signal === undefined ? {} : { signal };
  }

  /** Calls that the destination serves well at once. */
  get concurrency(): number {
    return Math.max(1, Math.min(this.destination.traits.maxConnections, 8));
  }

  get signal(): AbortSignal | undefined {
    return this.#calls.signal;
  }

  /** Every object of a kind, in any order. What has another name than an object is passed over. */
  async *list(kind: ObjectKind): AsyncGenerator<ListedObject, void> {
    await this.#prove(kind);
    for await (const infos of this.#at(kind).list(folderOf(kind), this.#calls)) {
      for (const { key, size, kind: entryKind, mtimeNs } of infos) {
        const id = entryKind === 'file' ? objectIdOf(kind, key) : undefined;
        if (id !== undefined) yield { id, size: Number(size), mtimeNs };
      }
    }
  }

  /** The bytes of an object that is no pack, proved by its id. Rejects with `not-found`, and `state-damaged` for other bytes. */
  async read(kind: ObjectKind, id: string): Promise<Uint8Array> {
    const cached = await this.cache?.read(kind, id);
    if (cached !== undefined && formatId(computeId(cached)) === id) return cached;
    const bytes = await this.readUnproved(kind, id);
    if (formatId(computeId(bytes)) !== id) throw damaged(`${describeObject(kind, id)} is damaged: it is not what its name says.`);
    await this.cache?.write(kind, id, bytes);
    return bytes;
  }

  /** The same, whatever the bytes are. */
  async readUnproved(kind: ObjectKind, id: string): Promise<Uint8Array> {
    await this.#prove(kind);
    return readWhole(this.#at(kind), objectKey(kind, id), describeObject(kind, id), this.#calls);
  }

  /** Any object whole, by its key. Rejects with `not-found`, and `state-damaged` for one that is larger than it can be. */
  readKey(key: RelPath, what: string): Promise<Uint8Array> {
    return readWhole(this.destination, key, what, this.#calls);
  }

  /** A range of a pack, `length` bytes or fewer where the pack ends. Rejects with `state-damaged` where there is no such pack. */
  async readPack(id: string, offset: number, length: number): Promise<Uint8Array> {
    await this.#prove('pack');
    const target = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    const range = { offset: BigInt(offset), length: BigInt(length) };
    try {
      for await (const piece of this.destination.read(objectKey('pack', id), { ...this.#calls, range })) {
        target.set(piece.subarray(0, length - filled), filled);
        filled = Math.min(length, filled + piece.length);
      }
    } catch (error) {
      if (!isHoldfastError(error, 'not-found')) throw error;
      throw damaged(`${describeObject('pack', id)} is missing.`, error);
    }
    return target.subarray(0, filled);
  }

  /** Bytes of an object; undefined where there is none. */
  async sizeOf(kind: ObjectKind, id: string): Promise<number | undefined> {
    await this.#prove(kind);
    const info = await this.#at(kind).stat(objectKey(kind, id), this.#calls);
    return info === undefined ? undefined : Number(info.size);
  }

  /** Writes an object. Where the destination stages, it is published only if the lock is still held then. */
  async write(kind: ObjectKind, { id, bytes }: StoredFile): Promise<void> {
    await this.#prove(kind);
    const name = formatId(id);
    await this.#put(this.#at(kind), objectKey(kind, name), bytes, kind === 'lock' ? undefined : this.guard);
    await this.cache?.write(kind, name, bytes);
  }

  /** Writes any object by its key. */
  async writeKey(key: RelPath, bytes: Uint8Array): Promise<void> {
    await this.guard?.prove();
    await this.#put(this.destination, key, bytes, this.guard);
  }

  /** Removes an object, or nothing where it is gone already. */
  async remove(kind: ObjectKind, id: string): Promise<void> {
    await this.#prove(kind);
    await this.#at(kind).remove(objectKey(kind, id), kind === 'lock' ? {} : this.#calls);
    await this.cache?.remove(kind, id);
  }

  /** Makes what was written durable. Call it before anything is written that refers to it, and before anything is removed that it replaces. */
  async flush(): Promise<void> {
    await this.guard?.prove();
    await this.destination.flush(this.#calls);
  }

  async #prove(kind: ObjectKind): Promise<void> {
    if (kind !== 'lock') await this.guard?.prove();
  }

  #at(kind: ObjectKind): Destination {
    return kind === 'lock' ? this.#lockDestination : this.destination;
  }

  async #put(destination: Destination, key: RelPath, bytes: Uint8Array, guard: CallGuard | undefined): Promise<void> {
    await destination.write(key, contentOf(bytes), { ...this.#calls, ...(guard && { verify: () => guard.prove() }) });
    await restrictObject(destination, key, this.#calls);
  }
}

/** What is in memory, without a copy: packs are large. */
function contentOf(bytes: Uint8Array): Content {
  return {
    size: BigInt(bytes.length),
    async *open({ range }) {
      const start = Number(range?.offset ?? 0n);
      yield range === undefined ? bytes : bytes.subarray(start, start + Number(range.length));
    },
  };
}

async function readWhole(
  destination: Destination,
  key: RelPath,
  what: string,
  calls: { readonly signal?: AbortSignal },
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of destination.read(key, calls)) {
    size += piece.length;
    if (size > MAX_UNPACKED_BYTES) throw damaged(`${what} is damaged: it is larger than it can be.`);
    pieces.push(piece);
  }
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, size);
}
