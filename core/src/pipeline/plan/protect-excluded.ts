import type { Task } from '../task.ts';
import type { Plan } from './plan.ts';
import { type PlanRecord, RecordFlag } from './plan-record.ts';

/**
 * Keeps at the destination what the source still has but the selection left out by its size or by a marker in its directory:
 * it is out of sight for this run, not deleted.
 */
export async function protectExcluded(plan: Plan, task: Task): Promise<void> {
  const { excludeLargerThan, excludeIfPresent, excludeCaches } = task.selection;
  if (excludeLargerThan === undefined && excludeIfPresent.length === 0 && !excludeCaches) return;
  for (const record of plan.records('retire')) {
    if (record.has(RecordFlag.carried)) continue;
    if (await isInSource(record, task)) plan.change(record.position, { op: 'keep', reason: 'same', addFlags: RecordFlag.noRow });
  }
}

async function isInSource(record: PlanRecord, task: Task): Promise<boolean> {
  try {
    await task.source.describe([record.destinationEntry()], { signal: task.signal });
    return true;
  } catch {
    task.signal.throwIfAborted();
    return false;
  }
}
