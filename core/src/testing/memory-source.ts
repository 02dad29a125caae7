import type { ByteRange, CallOptions } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';
import type { Entry, EntryMetadata } from '../contracts/entry.ts';
import type { EntryBatch, ScanOptions, Source, SourceTraits, TreeIdentity } from '../contracts/source.ts';
import { type ErrorCode, errorTable } from '../errors/error-table.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { isWithin, parseRelPath, rootPath } from '../paths/rel-path.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { directoriesOfMemory } from './memory-directories.ts';
import { MemoryStore } from './memory-store.ts';
import { plantItem, type TreeDescription, type TreeItem } from './tree-description.ts';

export interface MemorySourceOptions {
  readonly displayName?: string;
  readonly identity?: TreeIdentity;
  readonly stableIdentity?: boolean;
  /** Paths that cannot be read, with the code of the error: a directory is skipped with all that is below it, a file fails when it is opened. */
  readonly unreadable?: Readonly<Record<string, ErrorCode>>;
}

/**
 * A source in memory from a plain description of a tree. It can be changed between runs.
 *
 * @example
 * const source = new MemorySource({ 'a.txt': 'hello', 'photos/1.jpg': bytes, 'latest': { kind: 'symlink', target: 'photos/1.jpg' } });
 * source.put('a.txt', 'changed');
 */
export class MemorySource implements Source {
  readonly store = new MemoryStore();
  readonly traits: SourceTraits;
  readonly #unreadable: ReadonlyMap<string, ErrorCode>;

  constructor(tree: TreeDescription = {}, options: MemorySourceOptions = {}) {
    this.#unreadable = new Map(Object.entries(options.unreadable ?? {}));
    this.traits = {
      displayName: options.displayName ?? 'memory',
      stableIdentity: options.stableIdentity ?? true,
      ...(options.identity === undefined ? {} : { identity: options.identity }),
    };
    for (const [path, item] of Object.entries(tree)) this.put(path, item);
  }

  /** Puts an item at a path, in place of what was there. */
  put(path: string, item: TreeItem): void {
    plantItem(this.store, path, item);
  }

  /** Takes away what is at a path; a directory with all that is below it. */
  delete(path: string): void {
    const slot = this.store.tree.find(parseRelPath(path));
    if (slot === undefined) return;
    const keys = [...this.store.tree.below(slot, false)].map((each) => this.store.tree.keyOf(each)).reverse();
    for (const key of keys) this.store.removeSlot(key);
    this.store.removeSlot(parseRelPath(path));
  }

  async *scan(options: ScanOptions): AsyncIterable<EntryBatch> {
    const skipped: RelPath[] = [];
    for await (const batch of directoriesOfMemory(this.store).scan(rootPath, options)) {
      const seen = (batch as readonly Entry[]).filter(
        ({ path }) => !skipped.some((above) => path !== above && isWithin(path, above)),
      );
      for (const { path, kind } of seen) {
        const code = this.#unreadable.get(path);
        if (code === undefined || kind !== 'directory') continue;
        skipped.push(path);
        options.onSkip({ path, code, message: `Cannot list "${path}": ${errorTable[code].title}.`, subtree: true });
      }
      const readable = seen.filter(({ path }) => !skipped.some((above) => path !== above && isWithin(path, above)));
      if (readable.length > 0) yield readable;
    }
  }

  async describe(entries: readonly Entry[], { signal }: CallOptions): Promise<readonly EntryMetadata[]> {
    signal?.throwIfAborted();
    return entries.map(({ path }) => this.store.require(path).metadata);
  }

  content(entry: Entry): Content {
    const { store } = this;
    const fails = this.#unreadable.get(entry.path);
    const ino = entry.identity?.ino;
    return {
      size: 'size' in entry ? entry.size : 0n,
      version: `${ino}-${entry.identity?.ctimeNs}`,
      async *open({ range, signal }) {
        signal?.throwIfAborted();
        if (fails !== undefined)
          throw new HoldfastError(fails, `Cannot read "${entry.path}": ${errorTable[fails].title}.`, { path: entry.path });
        const node = store.require(entry.path);
        if (node.ino !== ino || node.bytes.size !== ('size' in entry ? entry.size : 0n)) {
          throw new HoldfastError('source-changed', `"${entry.path}" is not the file that was scanned.`, { path: entry.path });
        }
        for (const piece of node.bytes.read(range?.offset, range?.length)) {
          signal?.throwIfAborted();
          yield piece;
        }
      },
    };
  }

  async *extents(entry: Entry, { signal }: CallOptions): AsyncIterable<ByteRange> {
    signal?.throwIfAborted();
    yield* this.store.require(entry.path).bytes.extents();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
