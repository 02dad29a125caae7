import type { BatchResult } from '../../contracts/batch.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import { type PlanRecord, RecordFlag, RecordState } from '../plan/plan-record.ts';
import { removeTree } from '../../storage/remove-tree.ts';
import { failLinks } from './fail-links.ts';
import { noteCarried } from './note-carried.ts';
import type { Operation } from '../transfer/operation.ts';
import { type RunContext, runStage } from './run-stage.ts';

/** Stores what takes the place of another kind of thing, each before anything below it: a directory where a file was, or the reverse. */
export async function clearTheWay(context: RunContext): Promise<void> {
  const { plan, task, totals } = context;
  if (totals.obstacles === 0) return;
  const obstacles: number[] = [];
  for (const record of plan.records('store'))
    if (record.op === 'store' && record.has(RecordFlag.obstacle)) obstacles.push(record.position);
  for (const position of obstacles) {
    await runStage(
      context,
      () => plan.readAll([position]),
      (record) => storeOperation(context, record),
      (record, result) => noteObstacle(context, record, result),
    );
    await removeTree(task.layout.destination, asideKey(context, position), { signal: task.signal });
  }
}

/** Stores everything new and changed, and puts the metadata of what only changed there right. Directories are only made. */
export async function transfer(context: RunContext): Promise<void> {
  await runStage(
    context,
    () => context.plan.records('store', 'patch', 'metadata', 'move'),
    (record) =>
      record.state === RecordState.pending || record.has(RecordFlag.metadataAfterMove)
        ? transferOperation(context, record)
        : undefined,
    (record, result) => {
      if (record.op !== 'move' || result.error !== undefined) context.log.item(record, result);
    },
    true,
  );
}

/** Makes the further names of inodes, when the first ones are there. */
export async function makeLinks(context: RunContext): Promise<void> {
  const { plan, task } = context;
  failLinks(context);
  await runStage(
    context,
    () => plan.records('link'),
    (record) => {
      if (record.state === RecordState.failed) return undefined;
      const entry = record.entry();
      const existing = plan.read(record.first).path;
      return {
        op: 'link',
        id: record.position,
        key: record.path,
        existing,
        entry,
        content: task.source.content(entry),
        ...displacement(context, record),
      };
    },
    (record, result) => noteObstacle(context, record, result),
  );
  for (const record of plan.records('link')) {
    if (record.has(RecordFlag.obstacle))
      await removeTree(task.layout.destination, asideKey(context, record.position), { signal: task.signal });
  }
}

function noteObstacle(context: RunContext, record: PlanRecord, result: BatchResult): void {
  const carries = result.error === undefined && record.has(RecordFlag.obstacle);
  const { position } = record;
  context.log.item(record, result);
  if (carries) noteCarried(context, position);
}

function transferOperation(context: RunContext, record: PlanRecord): Operation | undefined {
  if (record.op === 'store' || record.op === 'patch') return storeOperation(context, record);
  const isDirectory = record.sourceKind === KIND_DIRECTORY;
  const moved = record.op === 'move' && record.state === RecordState.done && record.has(RecordFlag.metadataAfterMove);
  if ((record.op !== 'metadata' && !moved) || isDirectory) return undefined;
  const entry = record.entry();
  return { op: 'metadata', id: record.position, key: record.path, entry, content: context.task.source.content(entry) };
}

function storeOperation(context: RunContext, record: PlanRecord): Operation {
  const entry = record.entry();
  return {
    op: 'store',
    id: record.position,
    key: record.path,
    entry,
    content: context.task.source.content(entry),
    ...displacement(context, record),
  };
}

/** Where what is at the record's path goes, if something is there. */
function displacement({ task }: Pick<RunContext, 'task'>, record: PlanRecord): { displaceTo?: RelPath } {
  if (!record.has(RecordFlag.hasDestination) || record.movesAway) return {};
  const aside = record.has(RecordFlag.obstacle) ? asideKey({ task }, record.position) : undefined;
  const displaceTo = task.layout.displacedKey(record.path) ?? aside;
  return displaceTo === undefined ? {} : { displaceTo };
}

/** Where a directory that makes way goes when nothing of it is to be kept; removed right after. */
function asideKey({ task }: Pick<RunContext, 'task'>, position: number): RelPath {
  return `.holdfast-tmp-${task.runId}-aside-${position}` as RelPath;
}
