import type { LazyEngine } from './lazy-engine.ts';
import type { Node } from '../format/tree/node.ts';
import { TreeWriter } from '../format/tree/tree-writer.ts';
import { isSameId } from '../format/object-id.ts';
import type { PriorDirectory } from './prior-directory.ts';

/** A directory whose entries are coming. */
interface OpenDirectory {
  readonly prior: PriorDirectory | undefined;
  /** Entries that came so far and are those that the prior begins with; nothing is written while that holds. */
  sameCount: number;
  writer: TreeWriter | undefined;
  readonly onClose: (subtree: Uint8Array, isPrior: boolean) => void;
}

/** What became of the directories. */
export interface TreeCounts {
  newTrees: number;
  newBytes: number;
}

/** Makes trees from the bottom up: each is stored when its last entry has come. One that is the parent snapshot's is not even written. */
export class TreeBuilder {
  readonly counts: TreeCounts = { newTrees: 0, newBytes: 0 };
  readonly #engine: LazyEngine;
  readonly #open: OpenDirectory[] = [];
  readonly #spareWriters: TreeWriter[] = [];

  constructor(engine: LazyEngine) {
    this.#engine = engine;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** A directory begins. `onClose` gets its tree, and whether that is the prior's. */
  begin(prior: PriorDirectory | undefined, onClose: OpenDirectory['onClose']): void {
    this.#open.push({ prior, sameCount: 0, writer: undefined, onClose });
  }

  /** Adds an entry to the directory that began last. `priorIndex`: it is the same as this one of the prior. */
  add(node: Node, priorIndex: number | undefined): void {
    const directory = this.#open.at(-1);
    if (directory === undefined) return;
    if (directory.writer === undefined && directory.prior !== undefined && priorIndex === directory.sameCount) {
      directory.sameCount++;
      return;
    }
    this.#writerOf(directory).add(node);
  }

  /** The directory that began last is complete. */
  async end(): Promise<void> {
    const directory = this.#open.pop();
    if (directory === undefined) return;
    const { prior, sameCount, onClose } = directory;
    if (directory.writer === undefined && prior !== undefined && prior.count() === sameCount) {
      onClose(prior.id, true);
      return;
    }
    const writer = this.#writerOf(directory);
    const bytes = writer.finish();
    this.#spareWriters.push(writer);
    const { id, isNew } = await this.#engine.storeTree(bytes);
    if (isNew) {
      this.counts.newTrees++;
      this.counts.newBytes += bytes.length;
    }
    onClose(id, prior !== undefined && isSameId(id, prior.id));
  }

  #writerOf(directory: OpenDirectory): TreeWriter {
    if (directory.writer !== undefined) return directory.writer;
    const writer = this.#spareWriters.pop() ?? new TreeWriter();
    for (const node of directory.prior?.first(directory.sameCount) ?? []) writer.add(node);
    directory.writer = writer;
    return writer;
  }
}
