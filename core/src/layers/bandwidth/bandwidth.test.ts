import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BatchOptions } from '../../contracts/batch.ts';
import type { Content } from '../../contracts/content.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { parseBandwidth } from '../../values/parse-bandwidth.ts';
import { bytesOf, contentOf } from '../../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../../testing/every-call.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { settle, turns } from '../../testing/settle.ts';
import { callNames } from '../call-table.ts';
import { wrapDestination } from '../wrap-destination.ts';
import { Bandwidth } from './bandwidth.ts';
import { bandwidthLayer } from './bandwidth-layer.ts';
import { wallTimeOf } from '../../values/timetable.ts';

const a = 'a' as RelPath;
const utc = (date: Date) => wallTimeOf(date, 'UTC');
const bandwidthOf = (limit: string, clock = new ManualClock()): Bandwidth => new Bandwidth(parseBandwidth(limit), clock, utc);

/** When each of some takes was let through, milliseconds. */
async function takeAll(bandwidth: Bandwidth, clock: ManualClock, sizes: readonly number[]): Promise<number[]> {
  const startedMs = clock.monotonicMs();
  const takes = sizes.map(async (bytes) => {
    await bandwidth.take(bytes);
    return clock.monotonicMs() - startedMs;
  });
  return settle(clock, Promise.all(takes), 1000, 1e9);
}

test('no stretch of time sees more bytes than the rate allows, and none of the rate is wasted', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1000, max: 10_000_000 }), sizes, async (rate, pieces) => {
      const clock = new ManualClock();
      const times = await takeAll(bandwidthOf(`${rate}`, clock), clock, pieces);
      expect(times).toEqual(times.toSorted((x, y) => x - y));
      for (let from = 0; from < times.length; from++) {
        for (let to = from; to < times.length; to++) {
          const passed = pieces.slice(from, to + 1).reduce((sum, piece) => sum + piece, 0);
          const seconds = ((times[to] as number) - (times[from] as number)) / 1000;
          expect(passed).toBeLessThanOrEqual(rate * (seconds + 0.25) + (pieces[from] as number) + (pieces[to] as number) + 1);
        }
      }
      const before = pieces.slice(0, -1).reduce((sum, piece) => sum + piece, 0);
      expect(times.at(-1) / 1000).toBeLessThanOrEqual(
        (before + Math.min(pieces.at(-1), rate / 4)) / rate + 0.002 * pieces.length,
      );
    }),
    { numRuns: 60 },
  );
});

test('those who wait are served in their order', async () => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('1000', clock);
  const order: number[] = [];
  const takes = [5000, 10, 2000, 1].map(async (bytes, index) => {
    await bandwidth.take(bytes);
    order.push(index);
  });
  await settle(clock, Promise.all(takes));
  expect(order).toEqual([0, 1, 2, 3]);
  expect(clock.sleepers).toBe(0);
});

test('without a limit nothing waits and no time is looked for', () => {
  const bandwidth = bandwidthOf('off');
  expect(bandwidth.take(1e12)).toBeUndefined();
  expect(bandwidth.rate).toBeUndefined();
});

test('a wait ends with the signal, and the others do not wait for it', async () => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('1000', clock);
  await bandwidth.take(250);
  const controller = new AbortController();
  const first = bandwidth.take(1_000_000, controller.signal)?.catch((reason: unknown) => reason);
  const large = bandwidth.take(100);
  const reason = new Error('enough');
  controller.abort(reason);
  expect(await first).toBe(reason);
  await settle(clock, large ?? Promise.resolve(), 10, 200);
  await turns();
  expect(clock.sleepers).toBe(0);
  await expect(bandwidth.take(1, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('a limit that is changed holds at once, also for those who wait', async () => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('1000', clock);
  await bandwidth.take(1_000_000);
  const waiting = bandwidth.take(100);
  let done = false;
  void waiting?.then(() => (done = true));
  await clock.advance(10_000);
  expect(done).toBe(false);
  bandwidth.change(parseBandwidth('off'));
  await turns();
  expect(done).toBe(true);
  bandwidth.change(parseBandwidth('1000'));
  expect(bandwidth.take(1000)).toBeUndefined();
  expect(bandwidth.take(1)).toBeInstanceOf(Promise);
});

test('the timetable lets those who wait go when its time comes', async () => {
  const clock = new ManualClock(new Date('2026-01-01T17:59:30Z'));
  const bandwidth = bandwidthOf('08:00-18:00=10, else off', clock);
  expect(bandwidth.rate).toBe(10);
  const startedMs = clock.monotonicMs();
  const waits = [10_000, 10_000_000].map(async (bytes) => bandwidth.take(bytes));
  await settle(clock, Promise.all(waits));
  expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(30_000);
  expect(clock.monotonicMs() - startedMs).toBeLessThan(32_000);
});

test('a long pause gives no more than a quarter of a second in advance', async () => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('1000', clock);
  await clock.advance(3_600_000);
  expect(await takeAll(bandwidth, clock, [250, 250, 250])).toEqual([0, 250, 500]);
});

const carriesBytes = ['read', 'write', 'createOnly.create', 'patch.writeAt'];

test.each(callNames)('%s waits for leave when it moves bytes, and only then', async (name) => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('1', clock);
  await bandwidth.take(1000);
  const inner = everyCallDestination(async function (call, args) {
    const content = args[1] as Content | undefined;
    if (typeof content?.open === 'function') await bytesOf(content.open({}));
    return plainAnswer(call);
  });
  const streaming = {
    ...inner,
    read: () => plainAnswer('read') as AsyncIterable<Uint8Array>,
    list: () => plainAnswer('list') as AsyncIterable<never>,
  };
  const scans = {
    ...inner.capabilities,
    directories: { create: async () => undefined, scan: () => plainAnswer('list') as AsyncIterable<never> },
  };
  const batch = { run: () => plainAnswer('batch.run') as AsyncIterable<never> };
  const destination = wrapDestination({ ...streaming, capabilities: { ...scans, batch } }, bandwidthLayer(bandwidth));
  let done = false;
  const call = makeCall(destination, name).then(() => (done = true));
  await turns();
  expect(done).toBe(!carriesBytes.includes(name));
  await settle(clock, call, 1000);
});

test('the workers of a batch ask for leave, after whoever else asked them to', async () => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('1000', clock);
  let options: BatchOptions | undefined;
  const inner = everyCallDestination((name, args) => {
    options = args[1] as BatchOptions;
    return plainAnswer(name);
  });
  const asked: number[] = [];
  const { batch } = wrapDestination(inner, bandwidthLayer(bandwidth)).capabilities;
  const own = { runId: 'r', preserve: { owner: true, xattrs: true }, takeBytes: async (bytes: number) => void asked.push(bytes) };
  await Array.fromAsync(batch?.run(plainAnswer('list') as AsyncIterable<never>, own) ?? []);
  const startedMs = clock.monotonicMs();
  await settle(clock, Promise.all([options?.takeBytes?.(1000), options?.takeBytes?.(1000)]), 10);
  expect(asked).toEqual([1000, 1000]);
  expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(1000);
});

test('a local file is not handed over while there is a limit, since its bytes would not be counted', async () => {
  const seen: boolean[] = [];
  const inner = everyCallDestination((name, args) => {
    seen.push('local' in (args[1] as Content));
    return plainAnswer(name);
  });
  const content = { ...contentOf('abc'), local: { root: '/', path: a, dev: 1n, ino: 1n } };
  for (const limit of ['off', '1M']) await wrapDestination(inner, bandwidthLayer(bandwidthOf(limit))).write(a, content, {});
  expect(seen).toEqual([true, false]);
});

test('reads and writes of several destinations share one limit', async () => {
  const clock = new ManualClock();
  const bandwidth = bandwidthOf('100K', clock);
  const destinations = [new MemoryDestination(), new MemoryDestination()].map((inner) =>
    wrapDestination(inner, bandwidthLayer(bandwidth)),
  );
  const startedMs = clock.monotonicMs();
  const move = destinations.map(async (destination) => {
    await destination.write(a, contentOf(Buffer.alloc(500_000)), {});
    return bytesOf(destination.read(a, {}));
  });
  await settle(clock, Promise.all(move));
  const seconds = (clock.monotonicMs() - startedMs) / 1000;
  expect(seconds).toBeGreaterThan(2_000_000 / 102_400 - 2);
  expect(seconds).toBeLessThan(2_000_000 / 102_400 + 1);
});
