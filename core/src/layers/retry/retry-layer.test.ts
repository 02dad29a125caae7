import { expect, test } from 'vitest';
import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { type ErrorCode } from '../../errors/error-table.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { contentOf, textOf } from '../../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../../testing/every-call.ts';
import { FaultyDestination } from '../../testing/faulty-destination.ts';
import type { FaultScript } from '../../testing/fault-script.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { settle } from '../../testing/settle.ts';
import { type CallName, callNames, callTable } from '../call-table.ts';
import { passThrough } from '../pass-through.ts';
import { wrapDestination } from '../wrap-destination.ts';
import { defaultRetry, Retrier } from './retrier.ts';
import { retryLayer } from './retry-layer.ts';

const a = 'a' as RelPath;
const b = 'b' as RelPath;

function retried(inner: Destination): {
  clock: ManualClock;
  destination: Destination;
  until: <T>(promise: Promise<T> | undefined) => Promise<T>;
} {
  const clock = new ManualClock();
  const random = new SeededRandom(1);
  const retrier = new Retrier(defaultRetry(), clock, { fraction: () => random.fraction(), hex: () => '', uuid: () => '' });
  const until = <T>(promise: Promise<T> | undefined): Promise<T> =>
    settle(clock, promise ?? Promise.reject(new Error('no such capability')));
  return { clock, destination: wrapDestination(inner, retryLayer(retrier)), until };
}

const failOnce = (script: FaultScript['faults'], inner = new MemoryDestination()) => {
  const faulty = new FaultyDestination(inner, { faults: script.map((fault) => ({ times: 1, ...fault })) });
  return { inner, faulty, ...retried(faulty) };
};

/** How often each call is made when its first try fails with `code`. */
async function triesAfter(name: CallName, code: ErrorCode): Promise<number> {
  let tries = 0;
  const fail = async function* (): AsyncGenerator<unknown> {
    yield await Promise.reject(new HoldfastError(code, code));
  };
  const inner = everyCallDestination((call) => {
    if (call !== name || ++tries > 1) return plainAnswer(call);
    return callTable[call].shape === 'stream' ? fail() : Promise.reject(new HoldfastError(code, code));
  });
  const { destination, until } = retried(inner);
  await until(makeCall(destination, name)).catch(() => undefined);
  return tries;
}

test.each(callNames)('%s is tried again, or is known not to be', async (name) => {
  const never = name.endsWith('atch.run');
  const onlyRefused = name === 'patch.commit' || name === 'lock.acquire';
  expect(await triesAfter(name, 'throttled')).toBe(never ? 1 : 2);
  expect(await triesAfter(name, 'connection-lost')).toBe(never || onlyRefused ? 1 : 2);
  expect(await triesAfter(name, 'timed-out')).toBe(never || onlyRefused ? 1 : 2);
  expect(await triesAfter(name, 'write-failed')).toBe(never || onlyRefused || name === 'flush' ? 1 : 2);
  expect(await triesAfter(name, 'access-denied')).toBe(1);
  expect(await triesAfter(name, 'fenced')).toBe(1);
});

test('a write starts over with the whole content', async () => {
  const { destination, inner, until } = failOnce([
    { call: 'write', effect: { kind: 'break', afterBytes: 4, code: 'connection-lost' } },
  ]);
  await until(destination.write(a, contentOf('0123456789'), {}));
  expect(await textOf(inner.read(a, {}))).toBe('0123456789');
});

const lostAnswer = (call: CallName) => [{ call, effect: { kind: 'error-after', code: 'connection-lost' } }] as const;

test('a create that worked although its answer was lost says created, and one that came too late says exists', async () => {
  const mine = failOnce(lostAnswer('createOnly.create'));
  expect(await mine.until(mine.destination.capabilities.createOnly?.create(a, contentOf('mine'), {}))).toBe('created');
  for (const code of ['connection-lost', 'timed-out', 'write-failed'] as const) {
    const late = failOnce([{ call: 'createOnly.create', effect: { kind: 'error', code } }]);
    await late.inner.write(a, contentOf('theirs'), {});
    expect(await late.until(late.destination.capabilities.createOnly?.create(a, contentOf('mine'), {}))).toBe('exists');
  }
});

test('a create whose answer was lost where a directory is says exists', async () => {
  const late = failOnce([{ call: 'createOnly.create', effect: { kind: 'error', code: 'timed-out' } }]);
  await late.inner.capabilities.directories?.create(a, {});
  expect(await late.until(late.destination.capabilities.createOnly?.create(a, contentOf(''), {}))).toBe('exists');
});

test('a create whose answer was lost is looked at to the last byte, also when that look breaks', async () => {
  const lost = failOnce([
    { call: 'createOnly.create', effect: { kind: 'error-after', code: 'timed-out' } },
    { call: 'read', effect: { kind: 'truncate', afterBytes: 2 } },
  ]);
  expect(await lost.until(lost.destination.capabilities.createOnly?.create(a, contentOf('mine'), {}))).toBe('created');
});

test('a create that was only put off does not look at what another made', async () => {
  const { inner, destination, until, faulty } = failOnce([
    { call: 'createOnly.create', effect: { kind: 'error', code: 'throttled' } },
  ]);
  await inner.write(a, contentOf('same'), {});
  expect(await until(destination.capabilities.createOnly?.create(a, contentOf('same'), {}))).toBe('exists');
  expect(faulty.calls.map(({ call }) => call)).toEqual(['createOnly.create', 'createOnly.create']);
});

test('a move that worked although its answer was lost resolves', async () => {
  const { inner, destination, until } = failOnce(lostAnswer('move'));
  await inner.write(a, contentOf('1'), {});
  await inner.write(b, contentOf('old'), {});
  await until(destination.capabilities.move?.(a, b, {}));
  expect(await textOf(inner.read(b, {}))).toBe('1');
  expect(await inner.stat(a, {})).toBeUndefined();
});

test('a move that cannot find something although what it moves is there rejects', async () => {
  const inner = new MemoryDestination();
  for (const key of [a, b]) await inner.write(key, contentOf('1'), {});
  const codes: ErrorCode[] = ['connection-lost', 'not-found'];
  const move = (): Promise<never> => Promise.reject(new HoldfastError(codes.shift() ?? 'internal', 'move'));
  const { destination, until } = retried(wrapDestination(inner, { ...passThrough, own: () => ({ move }) }));
  await expect(until(destination.capabilities.move?.(a, b, {}))).rejects.toMatchObject({ code: 'not-found' });
});

test('a move of what is not there rejects, at once and after a lost answer', async () => {
  const plain = failOnce([]);
  await plain.inner.write(b, contentOf('1'), {});
  await expect(plain.until(plain.destination.capabilities.move?.(a, b, {}))).rejects.toMatchObject({ code: 'not-found' });
  const lost = failOnce([{ call: 'move', effect: { kind: 'error', code: 'connection-lost' } }]);
  await expect(lost.until(lost.destination.capabilities.move?.(a, b, {}))).rejects.toMatchObject({ code: 'not-found' });
});

test('links and special files that were made although the answer was lost resolve', async () => {
  const symlink = failOnce(lostAnswer('links.symlink'));
  await symlink.until(symlink.destination.capabilities.links?.symlink(a, 'target', {}));
  const hardLink = failOnce(lostAnswer('links.hardLink'));
  await hardLink.inner.write(b, contentOf('1'), {});
  await hardLink.until(hardLink.destination.capabilities.links?.hardLink(b, a, {}));
  const special = failOnce(lostAnswer('special.create'));
  await special.until(special.destination.capabilities.special?.create(a, { path: a, kind: 'fifo', metadata: {} }, {}));
  expect((await special.inner.stat(a, {}))?.kind).toBe('fifo');
});

test('what was in the way before stays a refusal, also after a lost answer', async () => {
  const fault = (call: CallName) => failOnce([{ call, effect: { kind: 'error', code: 'connection-lost' } }]);
  const symlink = fault('links.symlink');
  await symlink.inner.capabilities.links?.symlink(a, 'other', {});
  await expect(symlink.until(symlink.destination.capabilities.links?.symlink(a, 'target', {}))).rejects.toMatchObject({
    code: 'exists',
  });
  const hardLink = fault('links.hardLink');
  for (const key of [a, b]) await hardLink.inner.write(key, contentOf('1'), {});
  await expect(hardLink.until(hardLink.destination.capabilities.links?.hardLink(b, a, {}))).rejects.toMatchObject({
    code: 'exists',
  });
  const special = fault('special.create');
  await special.inner.write(a, contentOf('1'), {});
  const entry = { path: a, kind: 'fifo', metadata: {} } as const;
  await expect(special.until(special.destination.capabilities.special?.create(a, entry, {}))).rejects.toMatchObject({
    code: 'exists',
  });
});

test('a first refusal is the truth', async () => {
  const { inner, destination, until, faulty } = failOnce([]);
  await inner.capabilities.links?.symlink(a, 'target', {});
  await expect(until(destination.capabilities.links?.symlink(a, 'target', {}))).rejects.toMatchObject({ code: 'exists' });
  expect(faulty.calls).toHaveLength(1);
});

test('a patch whose commit may have happened tells the error that is known', async () => {
  const { inner, destination, until } = failOnce([
    { call: 'patch.commit', effect: { kind: 'error-after', code: 'connection-lost' } },
  ]);
  await inner.write(a, contentOf('old'), {});
  const patch = await until(destination.capabilities.patch?.begin(a, a, {}));
  await patch.writeAt(0n, Buffer.from('new'));
  await expect(until(patch.commit())).rejects.toMatchObject({ code: 'connection-lost' });
});
