import { type PlanRecord, RecordFlag, RecordState } from '../plan/plan-record.ts';
import { byDepth } from './retire.ts';
import { type RunContext, runStage } from './run-stage.ts';

/** Puts times, mode and flags of directories right, deepest first, when nothing in them changes any more. */
export async function settle(context: RunContext): Promise<void> {
  const { plan, task, log } = context;
  const directories: number[] = [];
  for (const record of plan.records('keep', 'store', 'metadata')) {
    if (record.has(RecordFlag.settle) && record.state !== RecordState.failed) directories.push(record.position);
  }
  for (const wave of byDepth(context, directories)) {
    await runStage(
      context,
      () => plan.readAll(wave),
      (record) => {
        const entry = record.entry();
        return { op: 'metadata', id: record.position, key: record.path, entry, content: task.source.content(entry) };
      },
      (record, result) => {
        if (record.op === 'metadata' || result.error !== undefined) log.item(record, result);
      },
    );
  }
}

/** Reads again what is there under all names of inodes that got or lost a name: linking changes ctime and the link count of all. */
export async function refreshLinks(context: RunContext): Promise<void> {
  const { plan } = context;
  if (context.totals.linked === 0) return;
  const changed = new Set<number>();
  const groupOf = (record: PlanRecord): number => (record.first >= 0 ? record.first : record.position);
  for (const record of plan.records()) {
    if (record.has(RecordFlag.linked) && record.op !== 'keep') changed.add(groupOf(record));
  }
  if (changed.size === 0) return;
  await runStage(
    context,
    () => plan.records(),
    (record) => {
      const member = record.has(RecordFlag.linked) && changed.has(groupOf(record)) && record.state !== RecordState.failed;
      return member ? { op: 'inspect', id: record.position, key: record.path } : undefined;
    },
    (record, result) => {
      plan.change(record.position, { dropFlags: RecordFlag.noRow });
      if (result.error !== undefined) context.log.item(record, result);
    },
  );
}
