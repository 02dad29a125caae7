import type { ScanSkip } from '../../contracts/source.ts';
import type { RunLog } from '../run-log.ts';
import { covers } from './keep-unread.ts';
import type { Plan } from './plan.ts';
import { Confirm, RecordFlag, RecordState } from './plan-record.ts';

/**
 * Entries whose place at the destination could not be looked at fail before anything is done: whatever is there would be replaced
 * without being kept. Called before moves are looked for.
 */
export function failUnknown(plan: Plan, unknown: readonly ScanSkip[], log: RunLog): void {
  if (unknown.length === 0) return;
  for (const record of plan.records('store', 'link', 'metadata', 'keep')) {
    const skip = unknown.find((each) => covers(each, record.path));
    if (skip === undefined || !record.has(RecordFlag.hasSource)) continue;
    const { op } = record;
    plan.change(record.position, { op: 'keep', state: RecordState.failed, confirm: Confirm.none });
    const message = `"${record.path}" was left alone, because what is there cannot be told: ${skip.message}`;
    log.item(record, { id: record.position, error: { code: skip.code, message } }, op);
  }
}
