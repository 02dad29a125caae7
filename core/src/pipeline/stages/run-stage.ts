import type { BatchResult, StoreFilesOperation } from '../../contracts/batch.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanTotals } from '../plan/plan-totals.ts';
import { type PlanRecord, RecordFlag, RecordState } from '../plan/plan-record.ts';
import type { RunLog } from '../run-log.ts';
import type { Task } from '../task.ts';
import type { Operation } from '../transfer/operation.ts';
import type { OperationContext } from '../transfer/operation-context.ts';
import { FilePacker } from '../transfer/file-packer.ts';
import { runOperations, runPacked } from '../transfer/run-operations.ts';
import { noteTaken } from './note-taken.ts';

/** What the stages of a run share. */
export interface RunContext {
  readonly task: Task;
  readonly plan: Plan;
  readonly totals: PlanTotals;
  readonly log: RunLog;
  readonly operations: OperationContext;
}

/** Codes after which going on with other entries makes no sense. */
const FATAL = new Set(['read-only', 'fenced', 'interrupted', 'internal']);

/**
 * Carries out one operation for each of the records that `choose` gives one for, and notes in the plan how it went.
 * A full destination gets room made by the layout, as long as it has some to give, and what failed is tried again.
 * `packs`: new files may go packed, where both ends can, instead of as `choose` says.
 */
export async function runStage(
  context: RunContext,
  records: () => Iterable<PlanRecord>,
  choose: (record: PlanRecord) => Operation | undefined,
  onDone: (record: PlanRecord, result: BatchResult) => void = () => undefined,
  packs = false,
): Promise<void> {
  let again = new Set<number>();
  const finish = (result: BatchResult): void => {
    if (result.error?.code === 'destination-full') again.add(result.id);
    else noteResult(context, result, onDone);
  };
  await runAll(context, records, choose, finish, packs);
  while (again.size > 0) {
    const failed = again;
    again = new Set();
    const needed = [...failed].reduce((sum, position) => sum + context.plan.read(position).bytes, 0n);
    if (!(await context.task.layout.makeRoom(needed, { signal: context.task.signal }))) throw full(context, failed);
    await runAll(context, () => context.plan.readAll(failed), choose, finish, false);
  }
}

async function runAll(
  context: RunContext,
  records: () => Iterable<PlanRecord>,
  choose: (record: PlanRecord) => Operation | undefined,
  finish: (result: BatchResult) => void,
  packs: boolean,
): Promise<void> {
  const { task, operations } = context;
  const { packedBatch } = operations.destination.capabilities;
  const { filesRoot } = operations.source.traits;
  const results =
    !packs || packedBatch === undefined || filesRoot === undefined
      ? runOperations(() => chooseFrom(records(), choose), operations)
      : runPacked(() => packFrom(records(), choose, new FilePacker(filesRoot)), packedBatch, operations);
  for await (const list of results) {
    task.signal.throwIfAborted();
    for (const result of list) {
      if ('ids' in result) context.log.storedFiles(result, context.plan);
      else finish(result);
    }
  }
  task.signal.throwIfAborted();
}

function* chooseFrom(records: Iterable<PlanRecord>, choose: (record: PlanRecord) => Operation | undefined): Generator<Operation> {
  for (const record of records) {
    const operation = choose(record);
    if (operation !== undefined) yield operation;
  }
}

function* packFrom(
  records: Iterable<PlanRecord>,
  choose: (record: PlanRecord) => Operation | undefined,
  packer: FilePacker,
): Generator<Operation | StoreFilesOperation> {
  for (const record of records) {
    const packs = FilePacker.takes(record);
    const finished = packs ? packer.add(record) : packer.finish();
    if (finished !== undefined) yield finished;
    const operation = packs ? undefined : choose(record);
    if (operation !== undefined) yield operation;
  }
  const last = packer.finish();
  if (last !== undefined) yield last;
}

function noteResult(context: RunContext, result: BatchResult, onDone: (record: PlanRecord, result: BatchResult) => void): void {
  const record = context.plan.read(result.id);
  if (result.error !== undefined && FATAL.has(result.error.code)) {
    throw new HoldfastError(result.error.code as 'read-only', result.error.message, { path: record.path });
  }
  if (result.error === undefined) noteDisplaced(context, record, result);
  context.plan.change(record.position, {
    state: result.error === undefined ? RecordState.done : RecordState.failed,
    destination: result.stat,
    digest: result.digest?.value,
    times: result.sourceTimes,
    addFlags:
      (result.displaced === true && context.task.layout.displacedKey(record.path) !== undefined ? RecordFlag.displaced : 0) |
      (result.torn === true ? RecordFlag.torn : 0) |
      describing(record, result),
  });
  onDone(record, result);
}

/** What is to be recorded of the attributes that no record holds: that there are none, or what the source says of them. */
function describing(record: PlanRecord, { isBare }: BatchResult): number {
  if (isBare === true) return RecordFlag.bare;
  const isStored = record.op === 'store' && record.state === RecordState.pending;
  return isStored || record.op === 'metadata' || record.has(RecordFlag.metadataAfterMove) ? RecordFlag.describe : 0;
}

/** Counts what was at the record's path before, by where it went. */
function noteDisplaced(context: RunContext, record: PlanRecord, result: BatchResult): void {
  const replaces = record.op === 'store' || record.op === 'link' || record.op === 'move' || record.op === 'retire';
  if (!replaces || record.state !== RecordState.pending || !record.has(RecordFlag.hasDestination) || record.movesAway) return;
  noteTaken(context, record, result.displaced === true || record.op === 'retire');
}

function full(context: RunContext, failed: ReadonlySet<number>): HoldfastError {
  const [position = 0] = failed;
  const { path } = context.plan.read(position);
  const name = context.task.layout.destination.traits.displayName;
  return new HoldfastError('destination-full', `${name} is full: "${path}" and ${failed.size - 1} others could not be written.`, {
    path,
  });
}
