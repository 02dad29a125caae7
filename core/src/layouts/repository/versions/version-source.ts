import type { CallOptions } from '../../../contracts/call-options.ts';
import type { Content } from '../../../contracts/content.ts';
import type { Entry, EntryMetadata } from '../../../contracts/entry.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import type { RangeAnswer, RangeRequest, ScanOptions, Source, SourceTraits } from '../../../contracts/source.ts';
import { HoldfastError, isHoldfastError } from '../../../errors/holdfast-error.ts';
import { baseName, encodeText, joinPath, parentPath, rootPath } from '../../../paths/rel-path.ts';
import type { Node } from '../format/tree/node.ts';
import { nodeToEntry } from '../format/tree/node-to-entry.ts';
import type { Repository } from '../store/repository.ts';
import type { LoadedSnapshot } from '../store/snapshots/load-snapshots.ts';
import { fileDamaged } from './file-pieces.ts';
import { findDirectory, findName } from './find-directory.ts';
import { readFile } from './read-file.ts';
import { readRanges } from './read-ranges.ts';
import { scanVersion } from './scan-version.ts';
import { TreeCache } from './tree-cache.ts';

/**
 * A snapshot of a repository as a source: its entries at their absolute paths, or below the directory `top`. The repository's index must
 * be loaded; it is its opener's. Damage concerns the entries that it hits alone: directories go to `onSkip`, files fail when they are read.
 */
export class VersionSource implements Source {
  readonly traits: SourceTraits;
  readonly trees: TreeCache;
  readonly #repository: Repository;
  readonly #snapshot: LoadedSnapshot;
  readonly #top: RelPath;
  #lastDirectory: { readonly path: RelPath; readonly nodes: Promise<readonly Node[] | undefined> } | undefined;

  constructor(repository: Repository, snapshot: LoadedSnapshot, top: RelPath = rootPath) {
    this.#repository = repository;
    this.#snapshot = snapshot;
    this.#top = top;
    this.trees = new TreeCache(repository);
    this.traits = { displayName: `${repository.displayName}@${snapshot.id.slice(0, 8)}`, stableIdentity: false };
  }

  async *scan(options: ScanOptions): AsyncGenerator<readonly Entry[]> {
    if (this.#top === '') {
      yield* scanVersion(this.trees, this.#snapshot.file.tree, { path: rootPath, kind: 'directory', metadata: {} }, options);
      return;
    }
    const node = await this.node(rootPath);
    if (node?.subtree === undefined) throw notThere(this.traits.displayName, this.#top);
    yield* scanVersion(this.trees, node.subtree, { ...nodeToEntry(node, rootPath), path: rootPath }, options);
  }

  /** The node of an entry; undefined where there is none, and for the root of a whole version. Rejects with `state-damaged`. */
  node(path: RelPath): Promise<Node | undefined> {
    const whole = joinPath(this.#top, path);
    if (whole === '') return Promise.resolve(undefined);
    return this.#directory(parentPath(whole)).then((nodes) => nodes && findName(nodes, encodeText(baseName(whole))));
  }

  /** Siblings are asked for one after the other, so that the last directory serves nearly all. */
  #directory(path: RelPath): Promise<readonly Node[] | undefined> {
    if (this.#lastDirectory?.path !== path) {
      this.#lastDirectory = { path, nodes: findDirectory(this.trees, this.#snapshot.file.tree, path) };
      this.#lastDirectory.nodes.catch(() => (this.#lastDirectory = undefined));
    }
    return this.#lastDirectory.nodes;
  }

  async describe(entries: readonly Entry[], { signal }: CallOptions): Promise<readonly EntryMetadata[]> {
    signal?.throwIfAborted();
    const described: EntryMetadata[] = [];
    for (const { path, metadata } of entries) {
      const node = await this.node(path);
      // A version names all attributes that there were.
      described.push(node === undefined ? metadata : { xattrs: new Map(), ...nodeToEntry(node, rootPath).metadata });
    }
    return described;
  }

  content(entry: Entry): Content {
    const size = entry.kind === 'file' ? entry.size : 0n;
    return { size, open: (options) => this.#open(entry, options) };
  }

  readMany(ranges: readonly RangeRequest[], options: CallOptions): AsyncIterable<RangeAnswer> {
    return readRanges(this.#repository, ranges, ({ entry }) => this.#fileNode(entry), options);
  }

  async *#open(entry: Entry, options: Parameters<Content['open']>[0]): AsyncGenerator<Uint8Array> {
    options.signal?.throwIfAborted();
    if (entry.kind === 'file') yield* readFile(this.#repository, await this.#fileNode(entry), entry.path, options);
  }

  async #fileNode({ path }: Entry): Promise<Node> {
    try {
      const node = await this.node(path);
      if (node !== undefined) return node;
    } catch (error) {
      if (!isHoldfastError(error, 'state-damaged')) throw error;
      throw fileDamaged(path, error.message.replace(/\.$/, ''));
    }
    throw notThere(this.traits.displayName, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing of its own is open.
  }
}

function notThere(name: string, path: RelPath): HoldfastError {
  return new HoldfastError('not-found', `"${path}" is not in ${name}.`, { path });
}
