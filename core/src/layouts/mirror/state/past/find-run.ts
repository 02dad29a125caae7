import type { RunRecord } from '../records/run-record.ts';

/** The last run that was complete at `time`: what the mirror was then. `runs` oldest first; undefined where there was none yet. */
export function findRunAt(runs: readonly RunRecord[], time: Date): RunRecord | undefined {
  return runs.findLast(({ finishedAt }) => new Date(finishedAt) <= time);
}
