import { RecordFlag, RecordState } from '../plan/plan-record.ts';
import type { RunContext } from './run-stage.ts';

/**
 * Further names of what could not be stored, or was stored wrong, fail with it: what is under the first name is then of an older
 * version, or damaged, and a link would pass it off as the new one.
 */
export function failLinks({ plan, log, totals }: RunContext): void {
  if (totals.links === 0) return;
  for (const record of plan.records('link')) {
    const first = plan.read(record.first);
    if (record.state === RecordState.failed || first.state !== RecordState.failed) continue;
    plan.change(record.position, { state: RecordState.failed, addFlags: RecordFlag.noRow });
    const message = `Cannot link "${record.path}": "${first.path}", which is the same file, could not be copied.`;
    log.item(record, { id: record.position, error: { code: 'write-failed', message } });
  }
}
