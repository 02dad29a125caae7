import { expect, test } from 'vitest';
import type { Content } from '../contracts/content.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { contentOf, textOf } from '../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../testing/every-call.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { settle, turns } from '../testing/settle.ts';
import { callNames, callTable } from './call-table.ts';
import { stallLayer } from './stall.ts';
import { wrapDestination } from './wrap-destination.ts';

const key = 'a' as RelPath;
const options = { stallMs: 1000, workMs: 10_000 };
const free = ['lock.acquire', 'batch.run', 'packedBatch.run', 'contentBatch.run'];
const never = new Promise<never>(() => undefined);

function watched(inner: Destination): { clock: ManualClock; destination: Destination } {
  const clock = new ManualClock();
  return { clock, destination: wrapDestination(inner, stallLayer(options, clock)) };
}

test.each(callNames.filter((name) => !free.includes(name)))(
  '%s that never answers rejects with timed-out, and its signal aborts',
  async (name) => {
    let signal: AbortSignal | undefined;
    const { clock, destination } = watched(
      everyCallDestination((call, args) => {
        if (call !== name) return plainAnswer(call);
        const at = callTable[call].options;
        signal = at === undefined ? undefined : (args[at] as { signal?: AbortSignal }).signal;
        return callTable[call].shape === 'stream'
          ? { [Symbol.asyncIterator]: () => ({ next: () => never, return: () => never }) }
          : never;
      }),
    );
    await expect(settle(clock, makeCall(destination, name))).rejects.toMatchObject({ code: 'timed-out' });
    if (callTable[name].options !== undefined && name !== 'patch.begin') expect(signal?.aborted).toBe(true);
    expect(clock.sleepers).toBe(0);
  },
);

test('a call that answers leaves no timer', async () => {
  const { clock, destination } = watched(everyCallDestination(plainAnswer));
  for (const name of callNames) await makeCall(destination, name);
  await turns();
  expect(clock.sleepers).toBe(0);
});

test('bytes that come slowly are no stall, nor is a slow reader', async () => {
  const inner = new MemoryDestination();
  await inner.write(key, contentOf(Buffer.alloc(300_000, 'x')), {});
  const { clock, destination } = watched(inner);
  const read = async (): Promise<number> => {
    let bytes = 0;
    for await (const chunk of destination.read(key, {})) {
      bytes += chunk.length;
      await clock.sleep(5000);
    }
    return bytes;
  };
  expect(await settle(clock, read())).toBe(300_000);
});

test('a source that gives its bytes slowly is no stall of the destination', async () => {
  const { clock, destination } = watched(new MemoryDestination());
  const slow: Content = {
    size: 6n,
    async *open() {
      await clock.sleep(5000);
      yield Buffer.from('abc');
      await clock.sleep(5000);
      yield Buffer.from('def');
    },
  };
  await settle(clock, destination.write(key, slow, {}));
  expect(await textOf(destination.read(key, {}))).toBe('abcdef');
});

test('a destination that takes no more bytes stalls, and has longer to finish after the last one', async () => {
  const stuck = (afterEnd: boolean): Destination =>
    everyCallDestination(async (_name, args) => {
      const chunks = (args[1] as Content).open({})[Symbol.asyncIterator]();
      while ((await chunks.next()).done !== true && afterEnd);
      return never;
    });
  for (const [afterEnd, expectedMs] of [
    [false, options.stallMs],
    [true, options.workMs],
  ] as const) {
    const { clock, destination } = watched(stuck(afterEnd));
    const startedMs = clock.monotonicMs();
    await expect(settle(clock, destination.write(key, contentOf('abc'), {}))).rejects.toMatchObject({ code: 'timed-out' });
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(expectedMs);
    expect(clock.monotonicMs() - startedMs).toBeLessThan(expectedMs + 1000);
  }
});

test('a destination that copies the local file by itself is not watched while it does', async () => {
  const { clock, destination } = watched(everyCallDestination(() => clock.sleep(1_000_000)));
  const local = { root: '/', path: key, dev: 1n, ino: 1n };
  await settle(clock, destination.write(key, { ...contentOf('abc'), local }, {}), 1000);
});

test('a patch that begins too late is discarded', async () => {
  const reached: string[] = [];
  const { clock, destination } = watched(
    everyCallDestination((name) => {
      reached.push(name);
      return name === 'patch.begin' ? clock.sleep(60_000) : plainAnswer(name);
    }),
  );
  await expect(settle(clock, makeCall(destination, 'patch.begin'))).rejects.toMatchObject({ code: 'timed-out' });
  await clock.advance(60_000);
  await turns();
  expect(reached).toEqual(['patch.begin', 'patch.discard']);
});

test('a reader that leaves early closes the stream', async () => {
  let closed = false;
  const { destination } = watched(
    everyCallDestination(async function* () {
      try {
        yield Buffer.from('a');
        yield Buffer.from('b');
      } finally {
        closed = true;
      }
    }),
  );
  for await (const _chunk of destination.read(key, {})) break;
  expect(closed).toBe(true);
});
