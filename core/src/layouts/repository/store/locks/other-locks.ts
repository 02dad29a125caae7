import { kill } from 'node:process';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { type LockFile, parseLock } from '../../format/documents/lock-file.ts';
import { parseTime } from '../../format/go-text/parse-time.ts';
import type { LockIdentity } from '../lock-identity.ts';
import type { RepositoryObjects } from '../repository-objects.ts';
import { STALE_MS } from './lock-timing.ts';

/** A lock that is there. */
export interface FoundLock {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Undefined where it cannot be read. */
  readonly lock: LockFile | undefined;
}

/** Every lock of a repository but those of `own`. Empty ones are of nobody: restic passes them over too. */
export async function listLocks(repository: RepositoryObjects, own: ReadonlySet<string> = new Set()): Promise<FoundLock[]> {
  const found: FoundLock[] = [];
  for await (const { id, size } of repository.objects.list('lock')) {
    if (own.has(id) || size === 0) continue;
    try {
      found.push({ id, lock: parseLock(await repository.loadUnpacked('lock', id)) });
    } catch (error) {
      // Freed meanwhile.
      if (isHoldfastError(error, 'not-found')) continue;
      if (!isHoldfastError(error, 'state-damaged')) throw error;
      found.push({ id, lock: undefined });
    }
  }
  return found;
}

/** Whether nobody holds a lock any more, by restic's rule: it was not refreshed in time, or its process is gone. */
export function isStale(lock: LockFile, identity: LockIdentity, now: Date): boolean {
  return ageMs(lock, now) > STALE_MS || isOfDeadProcess(lock, identity);
}

/** Whether a lock's process ran on this machine and is gone. */
export function isOfDeadProcess({ hostname, pid }: LockFile, identity: LockIdentity): boolean {
  if (hostname === '' || hostname !== identity.hostname || pid <= 0 || pid === identity.pid) return false;
  try {
    // kill(2): signal 0 only asks whether the process is there.
    kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Milliseconds since it was written or refreshed. */
export function ageMs({ time }: LockFile, now: Date): number {
  return now.getTime() - Number(parseTime(time) / 1_000_000n);
}

/** Who holds a lock, for people. */
export function describeHolder({ exclusive, pid, username, hostname, time }: LockFile): string {
  const kind = exclusive ? 'alone' : 'with others';
  return `process ${String(pid)} of ${username || 'somebody'} on ${hostname || 'an unknown machine'}, which uses it ${kind} since ${time}`;
}
