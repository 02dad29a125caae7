import type { LockFile } from '../../format/documents/lock-file.ts';
import type { RepositoryObjects } from '../repository-objects.ts';
import { isStale, listLocks } from './other-locks.ts';

/** What `unlockRepository` did with a lock. */
export interface UnlockedLock {
  readonly id: string;
  readonly lock: LockFile | undefined;
  readonly removed: boolean;
}

/** Removes the locks that nobody holds any more, by restic's rule; `all`: every one, also of those who are at work. */
export async function unlockRepository(repository: RepositoryObjects, all: boolean): Promise<UnlockedLock[]> {
  const outcomes: UnlockedLock[] = [];
  const now = repository.clock.now();
  for (const { id, lock } of await listLocks(repository)) {
    const removed = all || (lock !== undefined && isStale(lock, repository.identity, now));
    if (removed) await repository.remove('lock', id);
    outcomes.push({ id, lock, removed });
  }
  return outcomes;
}
