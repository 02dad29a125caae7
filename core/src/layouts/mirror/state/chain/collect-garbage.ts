import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { journalKey, manifestKey, runKey } from '../state-keys.ts';
import { chooseBases } from './choose-bases.ts';
import { oldestKeptRun } from './choose-kept-runs.ts';
import { listManifests, type ManifestSizes } from './list-manifests.ts';
import type { MirrorHistory } from './mirror-history.ts';

export interface GarbageRequest {
  readonly destination: Destination;
  readonly history: MirrorHistory;
  /** Versions from before this are not asked for any more: now less the age of the keep rules. */
  readonly keepSince: Date | undefined;
  /** The run that is going on. */
  readonly runningRunId?: string;
}

/**
 * Removes records, manifests and journals that no kept version and no archive needs. Records go first, the newest of them before all: it
 * cuts off the older ones in one step, so that an interruption leaves no version whose manifest is gone. Answers the removed keys.
 */
export async function collectGarbage(request: GarbageRequest, options: CallOptions): Promise<readonly RelPath[]> {
  const { destination, history } = request;
  if (history.runs.length === 0) return [];
  const manifests = await listManifests(destination, options);
  const kept = chooseKept(request, manifests);
  const removed = [...uselessRecords(request, kept), ...uselessManifests(request, kept, manifests)];
  for (const key of removed) await destination.remove(key, options);
  return removed;
}

/** Ids of the runs that stay: from the newest base on that the oldest version worth keeping is made of. */
function chooseKept(
  { history: { runs, archived }, keepSince, runningRunId }: GarbageRequest,
  manifests: ManifestSizes,
): readonly string[] {
  const [oldestArchive] = [...archived].filter((id) => id !== runningRunId).sort();
  const wanted = oldestKeptRun({ runs, oldestArchive, keepSince });
  const start = runs.findLastIndex(({ id }, index) => index <= wanted && manifests.get(id)?.base !== undefined);
  return runs.slice(Math.max(0, start)).map(({ id }) => id);
}

/** What an interrupted run moved is looked for from all versions before it; its journal stays as long as one of them or its archive does. */
function uselessRecords({ history, runningRunId }: GarbageRequest, kept: readonly string[]): RelPath[] {
  const keys: RelPath[] = [];
  const [oldest = ''] = kept;
  for (const { id } of history.runs.toReversed()) {
    if (!kept.includes(id)) keys.push(runKey(id));
    if (history.journaled.has(id)) keys.push(journalKey(id));
  }
  for (const id of history.interrupted) {
    if (id === runningRunId) continue;
    if (history.recorded.has(id)) keys.push(runKey(id));
    if (history.journaled.has(id) && id < oldest && !history.archived.has(id)) keys.push(journalKey(id));
  }
  return keys;
}

function uselessManifests({ runningRunId }: GarbageRequest, kept: readonly string[], manifests: ManifestSizes): RelPath[] {
  const keys: RelPath[] = [];
  const bases = chooseBases(kept, manifests);
  for (const [id, { base, delta }] of manifests) {
    if (id === runningRunId) continue;
    if (base !== undefined && !bases.has(id)) keys.push(manifestKey(id, 'base'));
    if (delta !== undefined && !kept.includes(id)) keys.push(manifestKey(id, 'delta'));
  }
  return keys;
}
