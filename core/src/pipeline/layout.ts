import type { CallOptions } from '../contracts/call-options.ts';
import type { Destination } from '../contracts/destination.ts';
import type { EntryBlock } from '../contracts/entry-block.ts';
import type { ByteCounts, Counts, VerifiedCount } from '../contracts/events.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { EntryBatch, ScanOptions, Source } from '../contracts/source.ts';
import type { Plan } from './plan/plan.ts';

/** What an earlier run recorded: the source's entries as they were scanned, with what the run left at the destination. */
export interface RecordedBlock extends EntryBlock {
  /** A record of STAT_BYTES for each entry. */
  readonly destinationStats: Uint8Array;
  /** What else was recorded of the entry at `index`, as the layout encodes it. */
  extrasAt(index: number): Uint8Array;
}

/** A move that a run is about to make at its destination. */
export interface PlannedMove {
  readonly from: RelPath;
  readonly to: RelPath;
}

/** What a run did, for its record. */
export interface CommitOutcome {
  readonly plan: Plan;
  readonly source: Source;
  /** Every entry was applied and none failed. */
  readonly complete: boolean;
  readonly counts: Readonly<Counts>;
  readonly bytes: Readonly<ByteCounts>;
  readonly verified: Readonly<VerifiedCount>;
  /** What was displaced (`layout.displacedKey`), and how many entries were replaced or deleted without being kept. */
  readonly archived: { readonly files: number; readonly bytes: bigint };
  readonly notKept: number;
  readonly options: CallOptions;
}

/**
 * How a task's entries lie at a destination. The pipeline decides and transfers; the layout knows where things go,
 * what was there before, and how a finished run is recorded.
 */
export interface LayoutSession {
  readonly destination: Destination;
  /** It records every entry with all its metadata, also what the destination cannot hold. */
  readonly keepsRecords: boolean;
  /** What is really there, in tree order; undefined where it is taken from `recorded` without looking. */
  scan(options: ScanOptions): AsyncIterable<EntryBatch> | undefined;
  /** What the last run recorded; undefined when there is no trusted record. */
  recorded(options: CallOptions): AsyncIterable<RecordedBlock> | undefined;
  /** Called once the guards are passed, before anything else is written. */
  begin(options: CallOptions): Promise<void>;
  /** Where what `path` holds goes before it is replaced or retired; undefined: it is not kept. */
  displacedKey(path: RelPath): RelPath | undefined;
  /** Called before the first change, with the moves to come, so that an interrupted run can be followed back. */
  announceMoves(moves: AsyncIterable<readonly PlannedMove[]>, options: CallOptions): Promise<void>;
  /** Frees room at a full destination by giving up the oldest of what is kept beside the tree; false when there is none left. */
  makeRoom(bytes: bigint, options: CallOptions): Promise<boolean>;
  /** Records the run. Answers the new version's id; undefined where the layout keeps none. */
  commit(outcome: CommitOutcome): Promise<string | undefined>;
}
