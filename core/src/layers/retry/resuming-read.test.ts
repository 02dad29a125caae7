import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Destination, ReadOptions } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { bytesOf, contentOf } from '../../testing/byte-content.ts';
import { FaultyDestination } from '../../testing/faulty-destination.ts';
import type { Fault } from '../../testing/fault-script.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { settle, turns } from '../../testing/settle.ts';
import type { OwnCalls } from '../layer.ts';
import { passThrough } from '../pass-through.ts';
import { wrapDestination } from '../wrap-destination.ts';
import { resumingRead } from './resuming-read.ts';
import { defaultRetry, Retrier, type RetryOptions } from './retrier.ts';

const key = 'a' as RelPath;
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 251));

async function filled(data: Uint8Array = bytes): Promise<MemoryDestination> {
  const inner = new MemoryDestination();
  await inner.write(key, contentOf(data), {});
  return inner;
}

function reader(inner: Destination, options: Partial<RetryOptions> = {}) {
  const clock = new ManualClock();
  const retrier = new Retrier({ ...defaultRetry(), ...options }, clock, { fraction: () => 0.5, hex: () => '', uuid: () => '' });
  const read = (readOptions: ReadOptions = {}): Promise<Buffer> =>
    settle(clock, bytesOf(resumingRead(inner, key, readOptions, retrier)));
  return { clock, retrier, read };
}

const withCalls = (inner: Destination, own: OwnCalls): Destination => wrapDestination(inner, { ...passThrough, own: () => own });
const breaks = (afterBytes: number, nth = 1): Fault => ({
  call: 'read',
  nth,
  times: 1,
  effect: { kind: 'break', afterBytes, code: 'connection-lost' },
});

test('wherever the connection breaks, however often, the bytes are those of the range', async () => {
  const range = fc.option(fc.record({ offset: fc.bigInt(0n, 310_000n), length: fc.bigInt(0n, 6n << 20n) }), { nil: undefined });
  const inner = await filled();
  await fc.assert(
    fc.asyncProperty(range, fc.array(fc.nat(300_000), { maxLength: 5 }), async (asked, places) => {
      const faulty = new FaultyDestination(inner, { faults: places.map((place, index) => breaks(place, index + 1)) });
      const { read } = reader(faulty, { tries: 10 });
      const expected = asked === undefined ? bytes : bytes.subarray(Number(asked.offset), Number(asked.offset + asked.length));
      expect((await read(asked === undefined ? {} : { range: asked })).equals(expected)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('reading goes on at the byte where it broke', async () => {
  const offsets: (bigint | undefined)[] = [];
  const inner = await filled();
  const faulty = new FaultyDestination(inner, { faults: [breaks(65_536 + 100)] });
  const watched = withCalls(faulty, {
    read: (at, options) => {
      offsets.push(options.range?.offset);
      return faulty.read(at, options);
    },
  });
  expect((await reader(watched).read()).equals(bytes)).toBe(true);
  expect(offsets).toEqual([undefined, 65_636n]);
});

test('a stream that ends too early is a broken connection', async () => {
  const faulty = new FaultyDestination(await filled(), {
    faults: [{ call: 'read', times: 1, effect: { kind: 'truncate', afterBytes: 1000 } }],
  });
  expect((await reader(faulty).read()).equals(bytes)).toBe(true);
  const always = new FaultyDestination(await filled(), {
    faults: [{ call: 'read', effect: { kind: 'truncate', afterBytes: 0 } }],
  });
  await expect(reader(always).read()).rejects.toMatchObject({ code: 'connection-lost', path: key });
});

test('an object that changed after the connection broke is not mixed', async () => {
  const inner = await filled();
  const faulty = new FaultyDestination(inner, { faults: [breaks(100)] });
  const { clock, retrier } = reader(faulty);
  const read = bytesOf(resumingRead(faulty, key, {}, retrier)).catch((error: unknown) => error);
  await turns();
  expect(clock.sleepers).toBe(1);
  await inner.write(key, contentOf(Buffer.alloc(bytes.length)), {});
  await clock.advance(60_000);
  expect(await read).toMatchObject({ code: 'source-changed', path: key });
});

test('an object that is replaced while a broken read is taken up is not mixed', async () => {
  const inner = await filled();
  let reads = 0;
  const faulty = new FaultyDestination(inner, { faults: [breaks(100)] });
  const racing = withCalls(faulty, {
    async *read(at, options) {
      if (++reads === 2) await inner.write(key, contentOf(Buffer.alloc(bytes.length)), {});
      yield* faulty.read(at, options);
    },
  });
  await expect(reader(racing).read()).rejects.toMatchObject({ code: 'source-changed' });
});

test('an object that is replaced by a shorter one right before it is opened is read as it is', async () => {
  const inner = await filled();
  let reads = 0;
  const racing = withCalls(inner, {
    async *read(at, options) {
      if (++reads === 1) await inner.write(key, contentOf('short'), {});
      yield* inner.read(at, options);
    },
  });
  expect((await reader(racing).read()).toString()).toBe('short');
  expect(reads).toBe(1);
});

test('a break after the last byte needs no more bytes', async () => {
  const inner = await filled();
  const faulty = new FaultyDestination(inner, {
    faults: [{ call: 'read', times: 1, effect: { kind: 'error-after', code: 'timed-out' } }],
  });
  expect((await reader(faulty).read()).equals(bytes)).toBe(true);
  expect(faulty.calls.filter(({ call }) => call === 'read')).toHaveLength(1);
});

test('an object that changed before its first byte came is read as it is now', async () => {
  const inner = await filled();
  const faulty = new FaultyDestination(inner, {
    faults: [{ call: 'read', times: 1, effect: { kind: 'error', code: 'connection-lost' } }],
  });
  const { clock, retrier } = reader(faulty);
  const read = bytesOf(resumingRead(faulty, key, {}, retrier));
  await turns();
  await inner.write(key, contentOf('new'), {});
  await clock.advance(60_000);
  expect((await read).toString()).toBe('new');
});

test('where the destination tells no version and no time, a broken read stays broken', async () => {
  const inner = await filled();
  const faulty = new FaultyDestination(inner, { faults: [breaks(100)] });
  const bare = withCalls(faulty, { stat: async () => ({ key, kind: 'file', size: BigInt(bytes.length) }) });
  await expect(reader(bare).read()).rejects.toMatchObject({ code: 'connection-lost' });
});

test('progress starts the count of tries anew, standing still does not', async () => {
  const steady = new FaultyDestination(await filled(), {
    faults: Array.from({ length: 20 }, (_, index) => breaks(10_000, index + 1)),
  });
  expect((await reader(steady, { tries: 2 }).read()).equals(bytes)).toBe(true);
  const stuck = new FaultyDestination(await filled(), {
    faults: [{ call: 'read', effect: { kind: 'error', code: 'connection-lost' } }],
  });
  await expect(reader(stuck, { tries: 3 }).read()).rejects.toMatchObject({ code: 'connection-lost' });
  expect(stuck.calls.filter(({ call }) => call === 'read')).toHaveLength(3);
});

test('what is missing rejects at once', async () => {
  await expect(reader(new MemoryDestination()).read()).rejects.toMatchObject({ code: 'not-found' });
});

test('a reader that leaves early closes the stream of the destination', async () => {
  let open = 0;
  const inner = await filled();
  const watched = withCalls(inner, {
    async *read() {
      open++;
      try {
        yield* inner.read(key, {});
      } finally {
        open--;
      }
    },
  });
  for await (const _chunk of resumingRead(watched, key, {}, reader(inner).retrier)) break;
  expect(open).toBe(0);
});
