import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Clock } from '../environment/clock.ts';
import { type LockObject, readLockObject, withLockContent } from './lock-object.ts';
import type { LockTimes } from './lock-times.ts';

export interface JudgeOptions {
  readonly destination: Destination;
  readonly clock: Clock;
  readonly times: LockTimes;
  /** Of whoever asks: in the name of the object that asks the destination for its time. */
  readonly own: LockObject;
  readonly signal?: AbortSignal;
}

/**
 * Whether the holder of a lock object has left it. By the destination's own clock, when it keeps times: that of the object against that of one
 * written now. Else by watching, for as long as a lock that is left may be: no two clocks have to agree.
 */
export async function isAbandoned(key: RelPath, found: LockObject, options: JudgeOptions): Promise<boolean> {
  const { destination, times, signal } = options;
  const written = (await destination.stat(key, { ...(signal && { signal }) }))?.mtimeNs;
  const now = written === undefined ? undefined : await askTime(key, options);
  if (written === undefined || now === undefined) return staysUnchanged(key, found, options);
  return now - written >= BigInt(times.staleMs) * 1_000_000n;
}

/** The destination's time: that of an object written now. */
async function askTime(key: RelPath, { destination, own, signal }: JudgeOptions): Promise<bigint | undefined> {
  const probe = `${key}-time-${own.id}` as RelPath;
  const options = { ...(signal && { signal }) };
  try {
    await withLockContent(own, (content) => destination.write(probe, content, options));
    return (await destination.stat(probe, options))?.mtimeNs;
  } finally {
    await destination.remove(probe, options);
  }
}

async function staysUnchanged(key: RelPath, found: LockObject, options: JudgeOptions): Promise<boolean> {
  const { destination, clock, times, signal } = options;
  for (const startMs = clock.monotonicMs(); clock.monotonicMs() - startMs < times.staleMs; ) {
    await clock.sleep(times.refreshMs, signal);
    const now = await readLockObject(destination, key, { ...(signal && { signal }) });
    if (now?.id !== found.id || now.count !== found.count) return false;
  }
  return true;
}
