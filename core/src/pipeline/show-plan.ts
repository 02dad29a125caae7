import type { RunContext } from './stages/run-stage.ts';

/** Tells every operation of a plan with its reason. What stays as it is, is not told. */
export function showPlan({ plan, log }: RunContext): void {
  for (const record of plan.records()) {
    if (record.op === 'keep' || (record.op === 'retire' && record.movesAway)) continue;
    log.plan(record, record.op === 'move' ? plan.read(record.origin).path : undefined);
  }
}
