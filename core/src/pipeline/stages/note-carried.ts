import { RecordState } from '../plan/plan-record.ts';
import type { RunContext } from './run-stage.ts';
import { noteTaken } from './note-taken.ts';

/** Something took the place of a directory: tells of each thing that was in it, which went with it to the safety net or for good. */
export function noteCarried(context: RunContext, obstacle: number): void {
  const { plan, log } = context;
  for (const record of plan.carriedBy(obstacle)) {
    noteTaken(context, record);
    plan.change(record.position, { state: RecordState.done });
    log.retired(record);
  }
}
