import type { RunRecord } from '../records/run-record.ts';

export interface KeepFacts {
  /** Committed runs, oldest first. */
  readonly runs: readonly Pick<RunRecord, 'id' | 'finishedAt' | 'archived' | 'notKept' | 'prunedAt'>[];
  /** The oldest run, committed or interrupted, whose archive is there; undefined where there is none. */
  readonly oldestArchive: string | undefined;
  /** Versions from before this are not asked for any more; undefined: no limit by age. */
  readonly keepSince: Date | undefined;
}

/**
 * Index of the oldest run whose version is worth keeping: the oldest that can still be restored whole and is not too old, or, where it
 * is older, the one that the oldest archive completes.
 */
export function oldestKeptRun({ runs, oldestArchive, keepSince }: KeepFacts): number {
  const whole = runs.findLastIndex(({ archived, notKept, prunedAt }) => notKept > 0 || (archived.files > 0 && prunedAt !== null));
  const since = keepSince === undefined ? -1 : runs.findLastIndex(({ finishedAt }) => new Date(finishedAt) <= keepSince);
  const complete = Math.max(whole, since, 0);
  const completed = oldestArchive === undefined ? complete : runs.findLastIndex(({ id }) => id < oldestArchive);
  return Math.max(0, Math.min(complete, completed));
}
