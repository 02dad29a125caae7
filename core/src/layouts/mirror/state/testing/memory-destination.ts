import type { Destination, DestinationTraits, ObjectInfo } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { isWithin } from '../../../../paths/rel-path.ts';

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly mtimeNs: bigint;
  readonly version: string;
}

/** Objects in a map: a destination with the five operations and `move`, for tests of what is stored. */
export class MemoryDestination implements Destination {
  readonly objects = new Map<RelPath, StoredObject>();
  /** Names of the calls so far, `verb key`. */
  readonly calls: string[] = [];
  readonly traits: DestinationTraits;
  readonly capabilities: Destination['capabilities'];
  #versions = 0;

  constructor() {
    this.traits = {
      displayName: 'memory',
      atomicReplace: true,
      caseSensitive: true,
      normalises: false,
      mtimeResolutionNs: 1n,
      maxKeyBytes: 4096,
      maxSegmentBytes: 255,
      forbiddenCharacters: '',
      maxConnections: 4,
    };
    this.capabilities = { move: async (from, to) => this.#move(from, to) };
  }

  async stat(key: RelPath): Promise<ObjectInfo | undefined> {
    const object = this.objects.get(key);
    return object === undefined ? undefined : info(key, object);
  }

  async *read(key: RelPath, { range }: Parameters<Destination['read']>[1]): AsyncGenerator<Uint8Array> {
    const object = this.objects.get(key);
    if (object === undefined) throw new HoldfastError('not-found', `There is no "${key}".`);
    const start = Number(range?.offset ?? 0n);
    const end = range === undefined ? object.bytes.length : start + Number(range.length);
    for (let at = start; at < Math.min(end, object.bytes.length); at += 60_000) yield object.bytes.slice(at, Math.min(at + 60_000, end));
  }

  async write(key: RelPath, content: Parameters<Destination['write']>[1], options: Parameters<Destination['write']>[2]): Promise<ObjectInfo> {
    const pieces: Uint8Array[] = [];
    for await (const piece of content.open({})) pieces.push(piece);
    this.calls.push(`write ${key}`);
    const object = { bytes: Uint8Array.from(Buffer.concat(pieces)), mtimeNs: options.mtimeNs ?? 0n, version: String(++this.#versions) };
    this.objects.set(key, object);
    return info(key, object);
  }

  async flush(): Promise<void> {
    this.calls.push('flush');
  }

  async remove(key: RelPath): Promise<void> {
    this.calls.push(`remove ${key}`);
    this.objects.delete(key);
  }

  async *list(prefix: RelPath): AsyncGenerator<readonly ObjectInfo[]> {
    const below = [...this.objects].filter(([key]) => key !== prefix && isWithin(key, prefix));
    for (const [key, object] of below) yield [info(key, object)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is held open.
  }

  #move(from: RelPath, to: RelPath): void {
    this.calls.push(`move ${from} ${to}`);
    const moved = [...this.objects].filter(([key]) => isWithin(key, from));
    if (moved.length === 0) throw new HoldfastError('not-found', `There is no "${from}".`);
    for (const [key, object] of moved) {
      this.objects.delete(key);
      this.objects.set(`${to}${key.slice(from.length)}` as RelPath, object);
    }
  }
}

function info(key: RelPath, object: StoredObject): ObjectInfo {
  return { key, kind: 'file', size: BigInt(object.bytes.length), mtimeNs: object.mtimeNs, version: object.version };
}
