import { parseSnapshotSelector } from '../../../../values/parse-snapshot-selector.ts';
import { selectSnapshot } from '../../../../values/select-snapshot.ts';
import type { RepositoryObjects } from '../repository-objects.ts';
import { type LoadedSnapshot, loadSnapshot, loadSnapshots, type LoadSnapshotsOptions } from './load-snapshots.ts';

export interface FindSnapshotOptions extends LoadSnapshotsOptions {
  /** Which ones `latest` and times look at; an id is found whatever it says. */
  readonly filter?: (snapshot: LoadedSnapshot) => boolean;
}

/** The snapshot that is meant. Rejects with `snapshot-missing`, and `usage` for what may mean several. */
export async function findSnapshot(
  repository: RepositoryObjects,
  written: string,
  { filter = () => true, ...options }: FindSnapshotOptions,
): Promise<LoadedSnapshot> {
  const selector = parseSnapshotSelector(written, repository.clock);
  if (selector.kind === 'id') {
    const ids: string[] = [];
    for await (const { id } of repository.objects.list('snapshot')) if (id.startsWith(selector.prefix)) ids.push(id);
    const [only] = ids;
    if (only !== undefined && ids.length === 1) return loadSnapshot(repository, only);
  }
  const all = await loadSnapshots(repository, options);
  return selectSnapshot(selector.kind === 'id' ? all : all.filter(filter), selector, written);
}
