import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import { type PlanRecord, RecordFlag } from '../plan/plan-record.ts';
import type { Operation } from '../transfer/operation.ts';
import { type RunContext, runStage } from './run-stage.ts';

/** Takes away what the source does not have: files first, then the directories that are left empty, deepest first. */
export async function retire(context: RunContext): Promise<void> {
  if (context.totals.retires === 0) return;
  const { log, plan } = context;
  await runStage(
    context,
    () => plan.records('retire'),
    (record) => retireOperation(context, record),
    (record, result) => log.item(record, result),
  );
  const directories: number[] = [];
  for (const record of plan.records('retire')) {
    if (isRetired(record) && !record.has(RecordFlag.carried) && record.destinationKind === KIND_DIRECTORY)
      directories.push(record.position);
  }
  for (const wave of byDepth(context, directories)) {
    await runStage(
      context,
      () => plan.readAll(wave),
      (record) => ({ op: 'remove', id: record.position, key: record.path }),
      (record, result) => log.item(record, result),
    );
  }
}

function isRetired(record: PlanRecord): boolean {
  return record.op === 'retire' && !record.movesAway;
}

function retireOperation(context: RunContext, record: PlanRecord): Operation | undefined {
  if (!isRetired(record) || record.has(RecordFlag.carried) || record.destinationKind === KIND_DIRECTORY) return undefined;
  const to = context.task.layout.displacedKey(record.path);
  if (to === undefined) return { op: 'remove', id: record.position, key: record.path };
  return { op: 'move', id: record.position, key: record.path, to };
}

/** Positions in groups of one depth, the deepest first. */
export function byDepth(context: RunContext, positions: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const position of positions) (groups[context.plan.read(position).depth] ??= []).push(position);
  return groups.filter((group) => group !== undefined).reverse();
}
