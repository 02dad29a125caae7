import type { Counts } from '../contracts/events.ts';
import type { MadePlan } from './plan/make-plan.ts';
import { type PlanRecord, RecordFlag, RecordState } from './plan/plan-record.ts';
import type { RunContext } from './stages/run-stage.ts';

/** `planned`: what would be done counts as done. `cut short`: what was not done counts as skipped. */
export type Ending = 'planned' | 'finished' | 'cut short';

/**
 * Counts what became of every entry: selected = stored + kept + metadata + renamed + skipped + failed. A directory whose
 * contents could not be read counts as skipped only.
 */
export function countOutcome({ plan, log }: RunContext, made: MadePlan, ending: Ending): void {
  const { counts } = log;
  Object.assign(counts, { stored: 0, metadata: 0, renamed: 0, retired: 0, skipped: made.skips.length, failed: 0 });
  log.bytes.stored = 0n;
  const skippedDirectories = new Set(made.skips.filter((skip) => skip.subtree).map((skip) => skip.path));
  counts.excluded = made.excluded;
  counts.kept = made.counts.unchanged;
  for (const record of plan.records()) {
    if (record.op === 'retire') countRetired(counts, record, ending);
    else if (!record.has(RecordFlag.hasSource)) continue;
    else if (skippedDirectories.size > 0 && skippedDirectories.delete(record.path)) continue;
    else if (!record.has(RecordFlag.counted)) counts[bucketOf(record, ending)]++;
    else if (record.state === RecordState.failed) moveToFailed(counts);
    if (record.op === 'store' && record.state === RecordState.done) log.bytes.stored += record.bytes;
  }
  counts.kept -= skippedDirectories.size;
}

/** An unchanged directory whose times could not be put right again. */
function moveToFailed(counts: Counts): void {
  counts.kept--;
  counts.failed++;
}

function countRetired(counts: Counts, record: PlanRecord, ending: Ending): void {
  if (record.movesAway) return;
  if (record.state === RecordState.failed) counts.failed++;
  else if (ending === 'planned' || record.state === RecordState.done) counts.retired++;
}

function bucketOf(record: PlanRecord, ending: Ending): 'stored' | 'kept' | 'metadata' | 'renamed' | 'skipped' | 'failed' {
  if (record.state === RecordState.failed) return 'failed';
  if (ending === 'cut short' && record.op !== 'keep' && record.state === RecordState.pending) return 'skipped';
  switch (record.op) {
    case 'store':
    case 'patch':
    case 'link':
      return 'stored';
    case 'move':
      return 'renamed';
    case 'metadata':
      return 'metadata';
    case 'keep':
    case 'retire':
      return 'kept';
    default:
      return record.op satisfies never;
  }
}
