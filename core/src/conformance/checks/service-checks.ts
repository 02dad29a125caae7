import { systemClock } from '../../environment/clock.ts';
import { digestBytes, formatDigest } from '../../verification/digest.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectExtents } from '../expect-extents.ts';
import { expectEqual, expectFailure, expectRejection, expectTrue } from '../expectations.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const digests = {
  of: 'DestinationCapabilities.digests',
  says: 'A digest computed where the bytes are, without sending them back.',
};
const lockPromise = {
  of: 'LockCapability.acquire',
  says: "Takes the only lock of this name. Rejects with `locked` and the holder's note when another process has it. Freed when disposed, and when the process dies.",
};
const inodes = { of: 'Usage.freeInodes', says: 'undefined where the destination makes inodes as needed.' };
const retains = { of: 'RetentionCapability.protectUntil', says: 'Nobody can remove or change the object before `until`.' };
const PROTECTED_MS = 2000;
const ranges = {
  of: 'DestinationCapabilities.extents',
  says: 'The ranges of a sparse object that hold data, ascending, not overlapping.',
};
const needsLock: readonly Need[] = ['lock'];

async function computeDigests(context: CheckContext): Promise<void> {
  const capability = context.capability('digests');
  expectTrue(capability.algorithms.length > 0, 'it can compute no digest');
  for (const [seed, size] of [0, 1, 65_536, 1_000_001].entries()) {
    await context.destination.write(context.key('a'), patternContent(seed, size), {});
    for (const algorithm of capability.algorithms) {
      const found = await capability.compute(context.key('a'), algorithm, {});
      const expected = digestBytes(algorithm, patternBytes(seed, 0n, size));
      expectEqual(formatDigest(found), formatDigest(expected), `${algorithm} of ${size} bytes`);
    }
  }
  for (const algorithm of capability.algorithms) {
    await expectRejection(capability.compute(context.key('none'), algorithm, {}), ['not-found'], `${algorithm} of a missing key`);
  }
}

async function lockOut(context: CheckContext): Promise<void> {
  const lock = context.capability('lock');
  const other = (await context.open()).capabilities.lock ?? lock;
  const key = context.key('locks/one');
  const held = await lock.acquire(key, 'run 7 of machine "alpha"', {});
  const error = await expectRejection(other.acquire(key, 'second', {}), ['locked'], 'taking a lock that is held');
  expectTrue(
    error.message.includes('run 7 of machine "alpha"'),
    `the error of a held lock does not tell the holder's note: "${error.message}"`,
  );
  const beside = await other.acquire(context.key('locks/two'), 'another lock', {});
  await expectRejection(other.acquire(key, 'third', {}), ['locked'], 'taking a lock that is still held');
  await held[Symbol.asyncDispose]();
  const next = await other.acquire(key, 'after', {});
  // A lock that was freed must not be freed again from under its next holder.
  await held[Symbol.asyncDispose]();
  await expectRejection(lock.acquire(key, 'fourth', {}), ['locked'], 'taking a lock after its former holder was disposed twice');
  await next[Symbol.asyncDispose]();
  await beside[Symbol.asyncDispose]();
}

async function oneHolder(context: CheckContext): Promise<void> {
  const others = await Promise.all([context.open(), context.open()]);
  const locks = [context.destination, ...others].map(({ capabilities }) => capabilities.lock ?? context.capability('lock'));
  for (let round = 0; round < Math.ceil(context.limits.rounds / 4); round++) {
    const attempts = Array.from({ length: 12 }, (_, index) =>
      locks[index % 3]?.acquire(context.key('lock'), `rival ${index}`, {}),
    );
    const ends = await Promise.allSettled(attempts.filter((attempt) => attempt !== undefined));
    const held = ends.filter((end) => end.status === 'fulfilled').map(({ value }) => value);
    for (const end of ends)
      if (end.status === 'rejected') expectFailure(end.reason, ['locked'], 'taking a lock at once with others');
    expectEqual(held.length, 1, 'how many of 12 at once got the lock');
    for (const lock of held) await lock?.[Symbol.asyncDispose]();
  }
}

async function tellUsage(context: CheckContext): Promise<void> {
  await context.put('a', 'x');
  const { totalBytes, freeBytes, freeInodes } = await context.capability('usage').usage({});
  expectTrue(totalBytes > 0n, `the destination says that it holds ${totalBytes} bytes`);
  expectTrue(freeBytes >= 0n && freeBytes <= totalBytes, `${freeBytes} of ${totalBytes} bytes are said to be free`);
  expectTrue(
    freeInodes === undefined || freeInodes > 0n,
    `${freeInodes} inodes are said to be free, and yet an object was written`,
  );
}

async function protect(context: CheckContext): Promise<void> {
  const capability = context.capability('retention');
  await context.put('a', 'kept');
  const until = new Date(systemClock.now().getTime() + PROTECTED_MS);
  await capability.protectUntil(context.key('a'), until, {});
  expectEqual((await context.get('a')).toString(), 'kept', 'a protected object');
  await expectRejection(capability.protectUntil(context.key('none'), until, {}), ['not-found'], 'protecting a missing key');
  // Until it can be cleaned up.
  await systemClock.sleep(PROTECTED_MS + 500);
}

async function tellExtents(context: CheckContext): Promise<void> {
  const extents = context.capability('extents');
  await context.destination.write(context.key('dense'), patternContent(1, 300_001), {});
  await context.put('empty', '');
  const patch = await context.capability('patch').begin(context.key('sparse'), undefined, {});
  await patch.writeAt(5000n, patternBytes(2, 5000n, 3000));
  await patch.writeAt(2_000_000n, patternBytes(2, 2_000_000n, 70_000));
  await patch.setSize(4_000_000n);
  await patch.commit();
  for (const name of ['dense', 'empty', 'sparse']) await expectExtents(extents(context.key(name), {}), await context.get(name));
  await expectRejection(Array.fromAsync(extents(context.key('none'), {})), ['not-found'], 'the ranges of a missing key');
}

export const serviceChecks: readonly ConformanceCheck[] = [
  { id: 'digests.right', title: 'computes right digests', promise: digests, needs: ['digests'], run: computeDigests },
  {
    id: 'lock.exclusive',
    title: 'has one holder, who is named, until it is freed',
    promise: lockPromise,
    needs: needsLock,
    run: lockOut,
  },
  {
    id: 'lock.one-winner',
    title: 'has exactly one holder of many who try at once',
    promise: lockPromise,
    needs: needsLock,
    run: oneHolder,
  },
  {
    id: 'extents.data',
    title: 'tells where the data of sparse objects is',
    promise: ranges,
    needs: ['extents', 'patch'],
    run: tellExtents,
  },
  { id: 'usage.sane', title: 'tells room that can be', promise: inodes, needs: ['usage'], run: tellUsage },
  { id: 'retention.takes', title: 'protects objects that exist', promise: retains, needs: ['retention'], run: protect },
];
