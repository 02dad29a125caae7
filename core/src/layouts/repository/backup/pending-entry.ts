import type { OperationReason } from '../../../contracts/events.ts';
import type { Entry } from '../../../contracts/entry.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import type { Source } from '../../../contracts/source.ts';
import type { HoldfastError } from '../../../errors/holdfast-error.ts';
import { joinPath } from '../../../paths/rel-path.ts';
import type { Node, NodeAttribute } from '../format/tree/node.ts';
import type { PriorDirectory, PriorEntry } from './prior-directory.ts';

/** What the walk found out about an entry, and what is found out later. */
export class PendingEntry {
  readonly entry: Entry;
  readonly source: Source;
  /** Where the source's root is in the version. */
  readonly #prefix: RelPath;
  /** Names from the top of the version to it: 1 for what is at the top. */
  readonly depth: number;
  /** Of the source's rules: a directory that only leads to a source does not count. */
  readonly isSelected: boolean;
  /** The node, but for its content, directory and extended attributes. */
  readonly draft: Node;
  readonly prior: PriorEntry | undefined;
  /** The draft is as the parent snapshot has it. */
  readonly isSame: boolean;
  /** Why its content is read; undefined for what has none, or whose content is the prior's. */
  readonly reason: OperationReason | undefined;
  /** Of a directory: the same one of the parent snapshot. */
  priorDirectory: PriorDirectory | undefined;
  attributes: readonly NodeAttribute[] | undefined;
  /** Under way; never rejects but with what ends the backup. */
  storing: Promise<void> | undefined;
  content: Uint8Array | undefined;
  /** Its node, where that is no longer the draft: it changed between the scan and its reading. */
  changed: Node | undefined;
  error: HoldfastError | undefined;

  constructor(facts: PendingFacts) {
    this.entry = facts.entry;
    this.source = facts.source;
    this.#prefix = facts.prefix;
    this.depth = facts.depth;
    this.isSelected = facts.isSelected;
    this.draft = facts.draft;
    this.prior = facts.prior;
    this.isSame = facts.isSame;
    this.reason = facts.reason;
  }

  /** In the version. */
  get path(): RelPath {
    return joinPath(this.#prefix, this.entry.path);
  }

  /** Bytes of a file, as far as they are known yet. */
  get bytes(): bigint {
    return (this.changed ?? this.draft).size;
  }
}

export interface PendingFacts {
  readonly entry: Entry;
  readonly source: Source;
  readonly prefix: RelPath;
  readonly depth: number;
  readonly isSelected: boolean;
  readonly draft: Node;
  readonly prior: PriorEntry | undefined;
  readonly isSame: boolean;
  readonly reason: OperationReason | undefined;
}
