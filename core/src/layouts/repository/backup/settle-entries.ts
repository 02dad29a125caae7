import type { Node } from '../format/tree/node.ts';
import type { BackupLog } from './backup-log.ts';
import { areSameAttributes } from './compare-attributes.ts';
import { isSameNode } from './compare-nodes.ts';
import type { PendingEntry } from './pending-entry.ts';
import type { TreeBuilder } from './tree-builder.ts';

/** Takes entries in the order of the walk, each when all is known of it, and puts them into their trees. */
export class EntrySettler {
  readonly #trees: TreeBuilder;
  readonly #log: BackupLog;

  /** The top of the version has begun in `trees`. */
  constructor(trees: TreeBuilder, log: BackupLog) {
    this.#trees = trees;
    this.#log = log;
  }

  /** `described` resolves when the block's entries have their extended attributes. */
  async settle(block: readonly PendingEntry[], described: Promise<void>): Promise<void> {
    await described;
    for (const pending of block) {
      if (pending.storing !== undefined) await pending.storing;
      while (this.#trees.depth > pending.depth) await this.#trees.end();
      if (pending.error !== undefined) this.#log.failed(pending);
      // What follows is in it, even where nothing is known of the directory itself any more.
      if (pending.draft.type === 'dir') this.#begin(pending);
      else if (pending.error === undefined) this.#add(pending, {});
    }
  }

  /** All entries have come. */
  async finish(): Promise<void> {
    while (this.#trees.depth > 0) await this.#trees.end();
  }

  #begin(pending: PendingEntry): void {
    this.#trees.begin(pending.priorDirectory, (subtree, isPrior) => {
      if (pending.error === undefined) this.#add(pending, { subtree }, isPrior);
    });
  }

  #add(pending: PendingEntry, directory: Pick<Partial<Node>, 'subtree'>, isPriorDirectory = true): void {
    const { prior } = pending;
    const isSelf = isAsPrior(pending);
    const isSame = isSelf && isPriorDirectory;
    this.#log.done(pending, isSelf, isSame);
    if (isSame && prior !== undefined) {
      this.#trees.add(prior.node, prior.index);
      return;
    }
    const { draft, changed, attributes = [], reason } = pending;
    const content = reason === undefined ? prior?.node.content : pending.content;
    const isFile = draft.type === 'file';
    this.#trees.add({ ...(changed ?? draft), attributes, ...directory, ...(isFile && content ? { content } : {}) }, undefined);
  }
}

/** Whether the parent snapshot has the entry with the same text, whatever is in it. */
function isAsPrior({ isSame, draft, prior, attributes, reason }: PendingEntry): boolean {
  if (isSame) return true;
  if (prior === undefined || attributes === undefined || reason !== undefined) return false;
  return isSameNode(draft, prior.node) && areSameAttributes(attributes, prior.node.attributes);
}
