import type { BatchResult } from '../../contracts/batch.ts';
import type { Source } from '../../contracts/source.ts';
import type { Operation } from '../transfer/operation.ts';
import type { OperationContext } from '../transfer/operation-context.ts';
import { runOperations } from '../transfer/run-operations.ts';
import { type DecisionRules, metadataDiffers } from './decide-entry.ts';
import { unmakeMove } from './find-moves.ts';
import type { Plan } from './plan.ts';
import { Confirm, type ConfirmCode, type PlanRecord, RecordFlag } from './plan-record.ts';

/**
 * Looks at what could not be decided by size and times: contents first, then the metadata of what turned out to be the same.
 * Afterwards every operation of the plan is certain, so that a dry run shows what the run does.
 */
export async function confirmPlan(plan: Plan, rules: DecisionRules, context: OperationContext): Promise<void> {
  await compareRecords(plan, Confirm.content, context, (record, result) => {
    if (record.op === 'move') settleMove(plan, record, result);
    else if (result.equal === true) contentIsSame(plan, record, rules);
    else plan.change(record.position, { confirm: Confirm.none });
  });
  await compareRecords(plan, Confirm.metadata, context, (record, result) => {
    const reason = record.has(RecordFlag.hasManifest) ? 'same' : 'adopted';
    plan.change(
      record.position,
      result.equal === true ? { op: 'keep', reason, confirm: Confirm.none } : { op: 'metadata', confirm: Confirm.none },
    );
  });
}

function contentIsSame(plan: Plan, record: PlanRecord, rules: DecisionRules): void {
  const certain = metadataDiffers(record.source, record.destination, rules);
  plan.change(record.position, { op: 'metadata', reason: 'metadata only', confirm: certain ? Confirm.none : Confirm.metadata });
}

function settleMove(plan: Plan, record: PlanRecord, result: BatchResult): void {
  if (result.equal === true) plan.change(record.position, { confirm: Confirm.none });
  else unmakeMove(plan, record);
}

/** Compares what needs it. An entry that cannot be compared is taken to differ: storing it will tell why. */
async function compareRecords(
  plan: Plan,
  confirm: ConfirmCode,
  context: OperationContext,
  onResult: (record: PlanRecord, result: BatchResult) => void,
): Promise<void> {
  if (!plan.mayNeed(confirm)) return;
  const operations = function* (): Generator<Operation> {
    for (const record of plan.records()) if (record.confirm === confirm) yield compareOperation(plan, record, context.source);
  };
  for await (const results of runOperations(operations, context)) {
    for (const result of results) onResult(plan.read(result.id), result);
  }
}

function compareOperation(plan: Plan, record: PlanRecord, source: Source): Operation {
  const entry = record.entry();
  return {
    op: 'compare',
    id: record.position,
    key: record.op === 'move' ? plan.read(record.origin).path : entry.path,
    entry,
    content: source.content(entry),
    what: record.confirm === Confirm.metadata ? 'metadata' : 'content',
  };
}
