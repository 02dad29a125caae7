import type { PlannedMove } from '../layout.ts';
import { RecordFlag } from '../plan/plan-record.ts';
import type { Operation } from '../transfer/operation.ts';
import { type RunContext, runStage } from './run-stage.ts';

/** Makes the moves, wave after wave, after the layout was told of all of them. */
export async function makeMoves(context: RunContext, waves: readonly (readonly number[])[]): Promise<void> {
  const { plan, task, log } = context;
  await task.layout.announceMoves(plannedMoves(context, waves), { signal: task.signal });
  for (const wave of waves) {
    await runStage(
      context,
      () => plan.readAll(wave),
      (record) => moveOperation(context, record.position),
      (record, result) => {
        log.item(record, result);
        if (result.error !== undefined) plan.change(record.origin, { taker: -1 });
      },
    );
  }
}

function moveOperation(context: RunContext, position: number): Operation {
  const { plan, task } = context;
  const record = plan.read(position);
  const displaceTo =
    record.has(RecordFlag.hasDestination) && !record.movesAway ? task.layout.displacedKey(record.path) : undefined;
  const from = plan.read(record.origin).path;
  return { op: 'move', id: position, key: from, to: record.path, ...(displaceTo === undefined ? {} : { displaceTo }) };
}

async function* plannedMoves(
  { plan }: RunContext,
  waves: readonly (readonly number[])[],
): AsyncGenerator<readonly PlannedMove[]> {
  for (const wave of waves) {
    yield wave.map((position) => {
      const record = plan.read(position);
      return { from: plan.read(record.origin).path, to: record.path };
    });
  }
}
