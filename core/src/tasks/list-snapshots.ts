import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import { isRepository } from '../layouts/repository/store/open-repository.ts';
import { openExisting, openMirrorAt } from './open-mirror.ts';
import { listRepositorySnapshots } from './repository/list-repository-snapshots.ts';
import { openRepositoryAt } from './repository/open-task-repository.ts';
import type { RepositoryAccess, RepositorySnapshotLine } from './repository/repository-requests.ts';
import type { SnapshotLine } from './requests.ts';
import { tokens } from './tokens.ts';

/** The versions of a clone or a repository, oldest first. Rejects with `not-a-mirror` and what opening rejects with. */
export async function* listSnapshots(
  program: Scope,
  access: RepositoryAccess,
): AsyncGenerator<SnapshotLine | RepositorySnapshotLine> {
  await using scope = program.child('snapshots');
  const destination = await openExisting(scope, access.location);
  if (!(await isRepository(destination, { signal: scope.resolve(tokens.signal) }))) yield* listRuns(scope, destination);
  else yield* listRepositorySnapshots(scope, await openRepositoryAt(scope, destination, access, 'read'));
}

async function* listRuns(scope: Scope, destination: Destination): AsyncGenerator<SnapshotLine> {
  const { history } = await openMirrorAt(scope, destination);
  for (const run of history.runs) {
    yield {
      id: run.id,
      time: run.startedAt,
      finished: run.finishedAt,
      status: run.status,
      entries: run.entries,
      stored: run.counts.stored,
      retired: run.counts.retired,
      bytesStored: run.bytes.stored,
      archived: { ...run.archived, pruned: run.prunedAt !== null },
    };
  }
}
