import { expect, test } from 'vitest';
import type { Content } from '../../contracts/content.ts';
import type { Destination, WriteOptions } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { Verifier, VerifyMethod, VerifyOutcome } from '../../contracts/verifier.ts';
import { contentOf, textOf } from '../../testing/byte-content.ts';
import { FaultyDestination } from '../../testing/faulty-destination.ts';
import type { Fault } from '../../testing/fault-script.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { settle } from '../../testing/settle.ts';
import { verifiers } from '../../verification/verifiers.ts';
import type { OwnCalls } from '../layer.ts';
import { passThrough } from '../pass-through.ts';
import { defaultRetry, Retrier } from '../retry/retrier.ts';
import { wrapDestination } from '../wrap-destination.ts';
import { verifiedLayer } from './verified-layer.ts';

const key = 'a' as RelPath;
const withCalls = (inner: Destination, own: OwnCalls): Destination => wrapDestination(inner, { ...passThrough, own: () => own });

/** A destination that does not stage, with faults, verified by `method`; and every outcome that the verifier had. */
function verifiedBy(method: VerifyMethod, faults: readonly Fault[], inner = new MemoryDestination()) {
  const clock = new ManualClock();
  const outcomes: VerifyOutcome[] = [];
  const verifier: Verifier = {
    method,
    verify: async (...args) => {
      const outcome = await verifiers[method].verify(...args);
      outcomes.push(outcome);
      return outcome;
    },
  };
  const plain = withCalls(inner, { write: (at, content, { verify: _, ...options }) => inner.write(at, content, options) });
  const faulty = new FaultyDestination(plain, { faults });
  const retrier = new Retrier(defaultRetry(), clock, { fraction: () => 0, hex: () => '', uuid: () => '' });
  const destination = wrapDestination(faulty, verifiedLayer(verifier, retrier));
  const write = (content: Content, options: WriteOptions = {}) => settle(clock, destination.write(key, content, options));
  const create = (content: Content) =>
    settle(clock, destination.capabilities.createOnly?.create(key, content, {}) ?? Promise.reject(new Error('no create')));
  return { inner, faulty, outcomes, write, create, clock, retrier, verifier };
}

const flip = (times = Infinity): Fault => ({ call: 'write', times, effect: { kind: 'flip', atByte: 1 } });
const truncate = (times = Infinity): Fault => ({ call: 'write', times, effect: { kind: 'truncate', afterBytes: 3 } });

test.each(['size', 'digest', 'readback'] as const)(
  '%s finds what is shorter, writes it again and says so when it stays so',
  async (method) => {
    const once = verifiedBy(method, [truncate(1)]);
    await once.write(contentOf('hello'));
    expect(once.outcomes.map(({ ok }) => ok)).toEqual([false, true]);
    expect(await textOf(once.inner.read(key, {}))).toBe('hello');
    const always = verifiedBy(method, [truncate()]);
    await always.inner.write(key, contentOf('old'), {});
    await expect(always.write(contentOf('hello'))).rejects.toMatchObject({ code: 'verify-failed', path: key });
    expect(always.outcomes.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(await always.inner.stat(key, {})).toBeUndefined();
  },
);

test.each(['digest', 'readback'] as const)('%s finds a byte that differs', async (method) => {
  for (const without of [[], ['digests' as const]]) {
    const once = verifiedBy(method, [flip(1)], new MemoryDestination({ without }));
    await once.write(contentOf('hello'));
    expect(once.outcomes).toMatchObject([
      { ok: false, method },
      { ok: true, method },
    ]);
    expect(await textOf(once.inner.read(key, {}))).toBe('hello');
  }
});

test('size does not find a byte that differs, and does not say that it did', async () => {
  const { write, outcomes } = verifiedBy('size', [flip()]);
  await write(contentOf('hello'));
  expect(outcomes).toEqual([{ ok: true, method: 'size' }]);
});

test('a create is proved too', async () => {
  const faulty = verifiedBy('digest', [{ call: 'createOnly.create', times: 1, effect: { kind: 'flip', atByte: 0 } }]);
  expect(await faulty.create(contentOf('hello'))).toBe('created');
  expect(await textOf(faulty.inner.read(key, {}))).toBe('hello');
  expect(await faulty.create(contentOf('other'))).toBe('exists');
  expect(faulty.outcomes.map(({ ok }) => ok)).toEqual([false, true]);
});

test('what the destination stages is proved before it is published, so the old object stays', async () => {
  const { clock, retrier, verifier, outcomes, inner } = verifiedBy('digest', []);
  await inner.write(key, contentOf('old'), {});
  const staging = new FaultyDestination(inner, { faults: [flip()] });
  const destination = wrapDestination(staging, verifiedLayer(verifier, retrier));
  await expect(settle(clock, destination.write(key, contentOf('hello'), {}))).rejects.toMatchObject({ code: 'verify-failed' });
  expect(outcomes).toMatchObject([{ ok: false }]);
  expect(await textOf(inner.read(key, {}))).toBe('old');
});

test('what was proved while it was staged is not proved again, and the caller’s own check runs too', async () => {
  const { clock, retrier, verifier, outcomes, inner } = verifiedBy('readback', []);
  const destination = wrapDestination(inner, verifiedLayer(verifier, retrier));
  const checked: bigint[] = [];
  const verify = async ({ size }: { size: bigint }): Promise<void> => void checked.push(size);
  await settle(clock, destination.write(key, contentOf('hello'), { verify }));
  expect([checked, outcomes]).toEqual([[5n], [{ ok: true, method: 'readback' }]]);
});

test('the source is read once where its bytes pass, and once more where they do not', async () => {
  for (const [name, takes, opened] of [
    ['passing', true, 1],
    ['by itself', false, 1],
  ] as const) {
    let opens = 0;
    const content: Content = {
      ...contentOf('hello'),
      open: (options) => {
        opens++;
        return contentOf('hello').open(options);
      },
    };
    const memory = new MemoryDestination();
    const own = withCalls(memory, {
      write: (at, given, { verify: _, ...options }) => memory.write(at, takes ? given : contentOf('hello'), options),
    });
    const { retrier, clock, verifier, outcomes } = verifiedBy('digest', []);
    await settle(clock, wrapDestination(own, verifiedLayer(verifier, retrier)).write(key, content, {}));
    expect([name, opens, outcomes]).toEqual([name, opened, [{ ok: true, method: 'digest' }]]);
  }
});

test('a source that ends early is no whole object', async () => {
  const { write, inner } = verifiedBy('size', []);
  await inner.write(key, contentOf('old'), {});
  await expect(write({ size: 9n, open: (options) => contentOf('hello').open(options) })).rejects.toMatchObject({
    code: 'source-changed',
  });
  expect(await textOf(inner.read(key, {}))).toBe('old');
});

test('a pipe, whose size nobody knows before, is proved by what passed', async () => {
  const { write, outcomes, inner } = verifiedBy('digest', [flip(1)]);
  await write({ size: undefined, open: (options) => contentOf('hello').open(options) });
  expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
  expect(await textOf(inner.read(key, {}))).toBe('hello');
});

test('an error of the proof itself is told and removes nothing', async () => {
  const { write, inner } = verifiedBy('digest', [{ call: 'digests.compute', effect: { kind: 'error', code: 'access-denied' } }]);
  await expect(write(contentOf('hello'))).rejects.toMatchObject({ code: 'access-denied' });
  expect(await textOf(inner.read(key, {}))).toBe('hello');
});
