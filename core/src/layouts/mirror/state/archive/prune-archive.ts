import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { MirrorHistory } from '../chain/mirror-history.ts';
import { type RunRecord, writeRun } from '../records/run-record.ts';
import { archiveKey, prunedKey } from '../state-keys.ts';
import { listArchives, type RunArchive } from './archive-folders.ts';
import { choosePruned } from './choose-pruned.ts';
import type { KeepRule } from './keep-rules.ts';
import { removeTree } from '../../../../storage/remove-tree.ts';

export interface PruneRequest {
  readonly destination: Destination;
  readonly history: MirrorHistory;
  readonly rules: readonly KeepRule[];
  readonly now: Date;
  /** The run that is going on, whose archive is never pruned. */
  readonly protectedRunId?: string;
}

/**
 * Removes the archive folders that the rules give up, whole, oldest first, and finishes what an interrupted prune left. Answers what was removed.
 * A record says so before its folder is touched, so that no version is looked for in one that is half gone.
 */
export async function pruneArchive(request: PruneRequest, options: CallOptions): Promise<readonly RunArchive[]> {
  const { destination, history, rules, now, protectedRunId } = request;
  await finishPruning(request, options);
  const archives = (await listArchives(destination, history, options)).filter(({ run }) => (run?.prunedAt ?? null) === null);
  const usage = await destination.capabilities.usage?.usage(options);
  const pruned = choosePruned(archives, rules, { now, usage, ...(protectedRunId === undefined ? {} : { protectedRunId }) });
  for (const { runId, run } of pruned) {
    options.signal?.throwIfAborted();
    await markPruned(destination, run, now, options);
    await removeFolder(destination, runId, options);
  }
  return pruned;
}

async function markPruned(destination: Destination, run: RunRecord | undefined, now: Date, options: CallOptions): Promise<void> {
  if (run === undefined) return;
  await writeRun(destination, { ...run, prunedAt: now.toISOString() }, options);
  await destination.flush(options);
}

/** Renames first where that can be done, so that an interruption leaves no folder that looks whole. */
async function removeFolder(destination: Destination, runId: string, options: CallOptions): Promise<void> {
  const { move } = destination.capabilities;
  if (move !== undefined) await move(archiveKey(runId), prunedKey(runId), options);
  await removeTree(destination, move === undefined ? archiveKey(runId) : prunedKey(runId), options);
}

/** A folder whose record says that it was pruned is still there when the renaming did not happen any more. */
async function finishPruning({ destination, history }: PruneRequest, options: CallOptions): Promise<void> {
  for (const runId of history.halfPruned) await removeTree(destination, prunedKey(runId), options);
  for (const { id, prunedAt } of history.runs) {
    if (prunedAt !== null && history.archived.has(id)) await removeFolder(destination, id, options);
  }
}
