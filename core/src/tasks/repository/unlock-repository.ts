import type { Scope } from '../../container/scope.ts';
import { unlockRepository as removeLocks } from '../../layouts/repository/store/locks/unlock-repository.ts';
import { openTaskRepository } from './open-task-repository.ts';
import type { LockLine, RepositoryAccess } from './repository-requests.ts';

/** Removes the locks that nobody holds any more; with `all` every one. */
export async function unlockRepository(program: Scope, access: RepositoryAccess, all: boolean): Promise<LockLine[]> {
  await using scope = program.child('repo unlock');
  const outcomes = await removeLocks(await openTaskRepository(scope, access, 'none'), all);
  return outcomes.map(({ id, removed, lock }) => {
    if (lock === undefined) return { id, removed };
    const { time, exclusive, hostname, username, pid } = lock;
    return { id, removed, since: time, exclusive, hostname, username, pid };
  });
}
