import { createHash } from 'node:crypto';
import type { CreateOnlyCapability } from '../contracts/capabilities.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Clock } from '../environment/clock.ts';
import type { Random } from '../environment/random.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { momentOf } from '../values/moment.ts';
import { HeldLock } from './held-lock.ts';
import { isAbandoned, type JudgeOptions } from './judge-lock.ts';
import { type LockObject, readLockObject, withLockContent } from './lock-object.ts';
import { defaultLockTimes, type LockTimes } from './lock-times.ts';

export interface AcquireOptions {
  readonly destination: Destination;
  readonly createOnly: CreateOnlyCapability;
  readonly key: RelPath;
  /** Who asks, for people. */
  readonly holder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly times?: LockTimes;
  readonly signal?: AbortSignal;
}

const MOST_TRIES = 3;

/**
 * Takes the lock of a destination that has none of its own: an object that is created only where there is none, and refreshed as long
 * as it is held. One whose holder left it is taken over. Rejects with `locked`, naming the holder.
 */
export async function acquireLock(options: AcquireOptions): Promise<HeldLock> {
  const { destination, key, clock, random, times = defaultLockTimes, signal } = options;
  const own: LockObject = { id: random.hex(16), holder: options.holder, count: 0 };
  const calls = { ...(signal && { signal }) };
  let holder = 'another process';
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const asked = momentOf(clock);
    if (await create(options, key, own)) return new HeldLock(own, asked, { destination, key, clock, times });
    const found = await readLockObject(destination, key, calls);
    // It was freed meanwhile.
    if (found === undefined) continue;
    holder = found.holder;
    if (!(await breakAbandoned(options, found, { destination, clock, times, own, ...calls }))) break;
  }
  throw new HoldfastError('locked', `"${key}" is locked by ${holder}.`, { path: key });
}

/** Whether we created it: also when an earlier answer was lost on its way. */
async function create({ destination, createOnly, signal }: AcquireOptions, key: RelPath, own: LockObject): Promise<boolean> {
  const calls = { ...(signal && { signal }) };
  await withLockContent(own, (content) => createOnly.create(key, content, calls));
  return (await readLockObject(destination, key, calls))?.id === own.id;
}

/**
 * Removes the lock that `found` is, when its holder has left it. Of all who find that out only one may do so, who creates an object that
 * names this lock: another might remove the next holder's. Answers false when it is to be left alone.
 */
async function breakAbandoned(options: AcquireOptions, found: LockObject, judge: JudgeOptions): Promise<boolean> {
  const { destination, key } = options;
  const { own, signal } = judge;
  const calls = { ...(signal && { signal }) };
  if (!(await isAbandoned(key, found, judge))) return false;
  const right = `${key}-break-${createHash('sha256').update(found.id).digest('hex').slice(0, 32)}` as RelPath;
  if (!(await create(options, right, own))) {
    const rival = await readLockObject(destination, right, calls);
    if (rival === undefined || !(await isAbandoned(right, rival, judge))) return false;
    await destination.remove(right, calls);
    return true;
  }
  try {
    const now = await readLockObject(destination, key, calls);
    if (now?.id === found.id && now.count === found.count) await destination.remove(key, calls);
  } finally {
    await destination.remove(right, calls);
  }
  return true;
}
