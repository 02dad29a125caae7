import type { Scope } from '../../container/scope.ts';
import { toMessageEvent } from '../../events/to-message-event.ts';
import { formatId } from '../../layouts/repository/format/object-id.ts';
import type { Repository } from '../../layouts/repository/store/repository.ts';
import type { LoadedSnapshot, LoadSnapshotsOptions } from '../../layouts/repository/store/snapshots/load-snapshots.ts';
import { tokens } from '../tokens.ts';
import type { RepositorySnapshotLine } from './repository-requests.ts';

/** The snapshots of an open repository, the oldest first. Damaged ones are told of, and the rest is listed; then it rejects with the first of them. */
export async function* listRepositorySnapshots(
  scope: Scope,
  repository: Repository,
): AsyncGenerator<RepositorySnapshotLine, void> {
  const errors: Parameters<NonNullable<LoadSnapshotsOptions['onDamaged']>>[1][] = [];
  for (const snapshot of await repository.loadSnapshots({ onDamaged: (_, error) => errors.push(error) }))
    yield describeSnapshot(snapshot);
  const last = errors.pop();
  for (const error of errors) scope.resolve(tokens.sink)(toMessageEvent(error));
  if (last !== undefined) throw last;
}

function describeSnapshot({ id, file }: LoadedSnapshot): RepositorySnapshotLine {
  const { time, tree, parent, original, paths, hostname, username, tags, excludes, programVersion, summary } = file;
  return {
    id,
    time,
    tree: formatId(tree),
    ...(parent && { parent: formatId(parent) }),
    ...(original && { original: formatId(original) }),
    paths,
    hostname,
    username,
    tags,
    excludes,
    programVersion,
    ...(summary && {
      files: summary.total_files_processed,
      bytes: summary.total_bytes_processed,
      bytesAdded: summary.data_added_packed || summary.data_added,
    }),
  };
}
