import { HoldfastError, isHoldfastError } from '../../../../errors/holdfast-error.ts';
import type { RepositoryObjects } from '../repository-objects.ts';
import { FIRST_RETRY_MS, LAST_RETRY_MS, SETTLE_MS, UNREADABLE_WAITS_MS } from './lock-timing.ts';
import { ageMs, describeHolder, type FoundLock, isOfDeadProcess, isStale, listLocks } from './other-locks.ts';
import { RepositoryLock } from './repository-lock.ts';

export interface LockWish {
  /** How long to try again while somebody else has it, milliseconds; absent: not at all. */
  readonly retryMs?: number;
  /** Told once when it waits for somebody. */
  readonly onWait?: (error: HoldfastError) => void;
}

/**
 * Takes a lock: writes its file and looks for those of others, before and after. Locks of processes of this machine that are gone are
 * removed. Rejects with `locked`, naming the holder.
 */
export async function acquireRepositoryLock(
  repository: RepositoryObjects,
  exclusive: boolean,
  { retryMs = 0, onWait }: LockWish,
): Promise<RepositoryLock> {
  const { clock, objects } = repository;
  const endMs = clock.monotonicMs() + retryMs;
  for (let waitMs = FIRST_RETRY_MS, told = false; ; waitMs = Math.min(LAST_RETRY_MS, waitMs * 2)) {
    try {
      return await tryOnce(repository, exclusive);
    } catch (error) {
      const leftMs = endMs - clock.monotonicMs();
      if (!isHoldfastError(error, 'locked') || leftMs <= 0) throw error;
      if (!told) onWait?.(error);
      told = true;
      await clock.sleep(Math.min(waitMs, leftMs), objects.signal);
    }
  }
}

async function tryOnce(repository: RepositoryObjects, exclusive: boolean): Promise<RepositoryLock> {
  const { clock, objects } = repository;
  await refuseOthers(repository, exclusive, new Set());
  const lock = await RepositoryLock.write(repository, exclusive);
  try {
    await clock.sleep(SETTLE_MS, objects.signal);
    await refuseOthers(repository, exclusive, lock.ids);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
  lock.keepFresh();
  return lock;
}

/** Rejects with `locked` where another lock does not go with ours, and for one that stays unreadable: it might be exclusive. */
async function refuseOthers(repository: RepositoryObjects, exclusive: boolean, own: ReadonlySet<string>): Promise<void> {
  const { clock, identity, displayName, objects } = repository;
  for (const waitMs of [...UNREADABLE_WAITS_MS, undefined]) {
    const others = await listLocks(repository, own);
    for (const { id, lock } of others) {
      if (lock === undefined || !(exclusive || lock.exclusive)) continue;
      if (isOfDeadProcess(lock, identity)) {
        await repository.remove('lock', id);
        continue;
      }
      throw new HoldfastError('locked', `The repository at ${displayName} is locked by ${describeHolder(lock)}.`, {
        hint: isStale(lock, identity, clock.now())
          ? `It was not refreshed for ${String(Math.round(ageMs(lock, clock.now()) / 60_000))} minutes. If that machine is off: \`holdfast repo unlock\`.`
          : 'Wait for it to end, or give --retry-lock 10m.',
      });
    }
    const unreadable = others.find(({ lock }: FoundLock) => lock === undefined);
    if (unreadable === undefined) return;
    if (waitMs === undefined) throw invalidLock(displayName, unreadable.id);
    await clock.sleep(waitMs, objects.signal);
  }
}

function invalidLock(displayName: string, id: string): HoldfastError {
  return new HoldfastError('locked', `The repository at ${displayName} has a lock that cannot be read: locks/${id}.`, {
    hint: 'If nobody uses the repository, remove it with `holdfast repo unlock --remove-all`.',
  });
}
