import type { RelPath } from './rel-path.ts';

/** What an operation does to one entry at the destination. */
export type OperationName = 'store' | 'patch' | 'link' | 'move' | 'metadata' | 'keep' | 'retire';

/** Why. Shown by a dry run, the log and the summary. */
export type OperationReason =
  | 'new'
  | 'size'
  | 'mtime'
  | 'ctime'
  | 'type'
  | 'checksum'
  | 'target'
  | 'link'
  | 'metadata only'
  | 'moved'
  | 'missing at destination'
  | 'changed at destination'
  | 'same'
  | 'adopted'
  | 'not in source'
  | 'overwrite';

export type Phase = 'scan' | 'compare' | 'transfer' | 'retire' | 'settle' | 'commit' | 'verify' | 'prune';

export interface Counts {
  stored: number;
  kept: number;
  metadata: number;
  renamed: number;
  retired: number;
  excluded: number;
  skipped: number;
  failed: number;
}

export interface ByteCounts {
  read: bigint;
  written: bigint;
  stored: bigint;
}

export type RunStatus = 'ok' | 'partial' | 'failed' | 'refused' | 'interrupted';

/** Which of several targets an event is about, as the user wrote it; absent where there is one. */
interface OfTarget {
  readonly target?: string;
}

export interface PlanEvent extends OfTarget {
  readonly type: 'plan';
  readonly op: OperationName;
  readonly path: RelPath;
  readonly reason: OperationReason;
  readonly bytes: bigint;
  /** For a move: where it was. */
  readonly from?: RelPath;
}

export interface ItemEvent extends OfTarget {
  readonly type: 'item';
  readonly op: OperationName | 'skip' | 'verify' | 'repair';
  readonly path: RelPath;
  readonly bytes: bigint;
  /** Milliseconds from the start of the run to the end of this item. */
  readonly ms?: number;
  readonly reason?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

export interface ProgressEvent extends OfTarget {
  readonly type: 'progress';
  readonly phase: Phase;
  readonly done: { readonly files: number; readonly bytes: bigint };
  /** Absent where it is not known; of a sample an estimate. */
  readonly total?: { readonly files: number; readonly bytes: bigint };
  /** Bytes a second. */
  readonly rate: number;
  readonly etaSeconds?: number;
  readonly current?: RelPath;
}

export interface MessageEvent extends OfTarget {
  readonly type: 'warning' | 'error';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly path?: RelPath;
}

export interface VerifiedCount {
  readonly method: string;
  files: number;
  bytes: bigint;
}

export interface SummaryEvent {
  readonly type: 'summary';
  readonly status: RunStatus;
  readonly snapshotId?: string;
  readonly counts: Counts;
  readonly bytes: ByteCounts;
  readonly seconds: number;
  readonly verified: VerifiedCount;
  readonly exitCode: number;
  /** What became of each of several targets; the rest is then their sum. */
  readonly targets?: readonly TargetSummary[];
}

/** The end of a run as far as one of its targets goes. */
export interface TargetSummary extends Omit<SummaryEvent, 'targets'> {
  readonly target: string;
}

/** Everything a run says, for the terminal, `--json`, the log and the dashboard alike. */
export type HoldfastEvent = PlanEvent | ItemEvent | ProgressEvent | MessageEvent | SummaryEvent;

/** Takes events; must not throw. */
export interface EventSink {
  (event: HoldfastEvent): void;
  /** New files that were stored with nothing to remark need not be told one by one. */
  readonly skipsStored?: boolean;
}
