import type { Entry } from '../../../contracts/entry.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import type { ScanSkip, Source } from '../../../contracts/source.ts';
import { blocksOf } from '../../../entries/blocks-of.ts';
import { EntryCursor } from '../../../entries/entry-cursor.ts';
import { encodeText, joinPath, rootPath } from '../../../paths/rel-path.ts';
import type { BackupSource } from './backup-task.ts';
import type { EntryJudge } from './entry-judge.ts';
import { PendingEntry } from './pending-entry.ts';
import type { PriorDirectory } from './prior-directory.ts';
import type { PriorTrees } from './prior-trees.ts';
import type { SourceBranch } from './source-branches.ts';
import { readRootEntry } from './read-root-entry.ts';

export interface WalkOptions {
  readonly judge: EntryJudge;
  readonly trees: PriorTrees;
  readonly prior: PriorDirectory | undefined;
  readonly signal: AbortSignal;
  /** `path` is in the version. */
  readonly onSkip: (skip: ScanSkip) => void;
  readonly onExclude: (count: number) => void;
}

/** Walks all sources in the order of the version, along with the parent snapshot. */
export class EntryWalk {
  readonly #options: WalkOptions;
  /** The parent's directory that holds the entries of each depth, less one. */
  readonly #priors: (PriorDirectory | undefined)[];

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#priors = [options.prior];
  }

  /** Every entry once, in tree order, in groups of some hundreds. */
  async *blocks(branch: SourceBranch, depth = 0): AsyncGenerator<PendingEntry[], void> {
    for (const [name, child] of branch.children) {
      if (child.leaf !== undefined) yield* this.#walkSource(child.leaf);
      else yield* this.#enterBranch(name, child, depth + 1);
    }
    if (branch.leaf !== undefined) yield* this.#walkSource(branch.leaf);
  }

  /** A directory that leads to sources. */
  async *#enterBranch(name: string, branch: SourceBranch, depth: number): AsyncGenerator<PendingEntry[], void> {
    const { source, entry } = await readRootEntry(branch.above, depth, this.#options.signal);
    const facts = { source, entry, prefix: rootPath, depth, isSelected: false, name: encodeText(name) };
    yield [await this.#visit(facts, entry.identity?.dev)];
    yield* this.blocks(branch, depth);
  }

  async *#walkSource(from: BackupSource): AsyncGenerator<PendingEntry[], void> {
    const { onSkip, onExclude, signal } = this.#options;
    const { source, place, kind } = from;
    const base = kind === 'tree' ? place.length : place.length - 1;
    const prefix = place.slice(0, base).join('/') as RelPath;
    const scan = source.scan({
      selection: from.selection,
      signal,
      onSkip: (skip) => onSkip({ ...skip, path: joinPath(prefix, skip.path) }),
      onExclude,
    });
    const cursor = new EntryCursor(blocksOf(scan));
    const rootName = kind === 'tree' && base > 0 ? encodeText(place[base - 1] as string) : undefined;
    try {
      for (await cursor.start(); !cursor.done; await cursor.refill()) {
        const block: PendingEntry[] = [];
        do {
          if (cursor.depth === 0 && rootName === undefined) continue;
          const entry = cursor.entry();
          if (entry.kind === 'socket') {
            onExclude(1);
            continue;
          }
          const visited = this.#visitScanned(from, entry, { depth: base + cursor.depth, prefix, rootName });
          block.push(visited instanceof PendingEntry ? visited : await visited);
        } while (cursor.advance());
        if (block.length > 0) yield block;
      }
    } finally {
      await cursor.close();
    }
  }

  #visitScanned(
    { source, deviceOf }: BackupSource,
    entry: Entry,
    { depth, prefix, rootName }: { depth: number; prefix: RelPath; rootName: Uint8Array | undefined },
  ): Promise<PendingEntry> | PendingEntry {
    const device = entry.identity === undefined ? undefined : deviceOf(entry.identity.dev);
    const name = entry.path === '' ? rootName : undefined;
    return this.#visit({ source, entry, prefix, depth, isSelected: true, name }, device);
  }

  /** Only waits where it must: most entries are files with owners that are known. */
  #visit(visited: Visited, device: bigint | undefined): Promise<PendingEntry> | PendingEntry {
    const { judge } = this.#options;
    if (judge.knowsOwners(visited.entry)) return this.#judge(visited, device);
    return judge.learnOwners(visited.entry).then(() => this.#judge(visited, device));
  }

  #judge(visited: Visited, device: bigint | undefined): Promise<PendingEntry> | PendingEntry {
    const { judge, trees } = this.#options;
    const { entry, depth, source } = visited;
    const name = visited.name ?? nameOf(entry);
    const prior = this.#priors[depth - 1]?.find(name);
    const place = { device, name: visited.name, isStable: source.traits.stableIdentity };
    const judgement = judge.judge(entry, place, prior);
    const pending = new PendingEntry({ ...visited, ...judgement, prior });
    if (judgement.keepsAttributes) pending.attributes = prior?.node.attributes;
    if (entry.kind !== 'directory') return pending;
    this.#priors.length = depth;
    const subtree = prior?.node.subtree;
    if (subtree === undefined) return pending;
    return trees.open(subtree).then((directory) => {
      pending.priorDirectory = directory;
      this.#priors[depth] = directory;
      return pending;
    });
  }
}

interface Visited {
  readonly source: Source;
  readonly entry: Entry;
  readonly prefix: RelPath;
  readonly depth: number;
  readonly isSelected: boolean;
  readonly name: Uint8Array | undefined;
}

function nameOf({ path }: Entry): Uint8Array {
  return encodeText(path.slice(path.lastIndexOf('/') + 1));
}
