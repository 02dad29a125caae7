import { type HoldfastError, isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { parseSnapshot, type SnapshotFile } from '../../format/documents/snapshot-file.ts';
import { parseTime } from '../../format/go-text/parse-time.ts';
import { retainCached } from '../cache/object-cache.ts';
import { mapParallel } from '../map-parallel.ts';
import type { RepositoryObjects } from '../repository-objects.ts';

/** A snapshot with its id, 64 hexadecimal digits. */
export interface LoadedSnapshot {
  readonly id: string;
  readonly time: Date;
  readonly file: SnapshotFile;
}

export interface LoadSnapshotsOptions {
  /** Told of a snapshot that is damaged, which is left out then. Absent: that rejects. */
  readonly onDamaged?: (id: string, error: HoldfastError) => void;
}

/** Every snapshot of a repository, the oldest first; those of one moment by their ids. */
export async function loadSnapshots(
  repository: RepositoryObjects,
  { onDamaged }: LoadSnapshotsOptions,
): Promise<LoadedSnapshot[]> {
  const { objects } = repository;
  const ids: string[] = [];
  for await (const { id } of objects.list('snapshot')) ids.push(id);
  await retainCached(objects.cache, 'snapshot', ids);
  const found: LoadedSnapshot[] = [];
  const load = async (id: string): Promise<LoadedSnapshot | undefined> => {
    try {
      return await loadSnapshot(repository, id);
    } catch (error) {
      // Forgotten meanwhile.
      if (isHoldfastError(error, 'not-found')) return undefined;
      if (onDamaged === undefined || !isHoldfastError(error, 'state-damaged')) throw error;
      onDamaged(id, error);
      return undefined;
    }
  };
  for await (const snapshot of mapParallel(ids, objects.concurrency, load)) if (snapshot !== undefined) found.push(snapshot);
  return found.sort((a, b) => a.time.getTime() - b.time.getTime() || (a.id < b.id ? -1 : 1));
}

/** One snapshot. Rejects with `not-found` and `state-damaged`. */
export async function loadSnapshot(repository: RepositoryObjects, id: string): Promise<LoadedSnapshot> {
  const file = parseSnapshot(await repository.loadUnpacked('snapshot', id));
  return { id, time: new Date(Number(parseTime(file.time) / 1_000_000n)), file };
}
