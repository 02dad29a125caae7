import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { ScanOptions } from '../../contracts/source.ts';
import type { BatchOptions } from '../../contracts/batch.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { contentOf, textOf } from '../../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../../testing/every-call.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { turns } from '../../testing/settle.ts';
import { callNames, callTable } from '../call-table.ts';
import { wrapDestination } from '../wrap-destination.ts';
import { connectionLayer } from './connection-layer.ts';
import { ConnectionLimit, type Slot } from './connection-limit.ts';

const a = 'a' as RelPath;
const b = 'b' as RelPath;
const limitOf = (most: number, clock = new ManualClock()): ConnectionLimit => new ConnectionLimit(most, clock);
const throttled = new HoldfastError('throttled', 'slow down');

test.each(callNames.filter((name) => !name.endsWith('atch.run')))(
  '%s holds a slot while it is made, and none afterwards',
  async (name) => {
    const limit = limitOf(3);
    const held: number[] = [];
    const inner = everyCallDestination((call) => {
      if (call !== name) return plainAnswer(call);
      held.push(limit.held);
      return plainAnswer(call);
    });
    const destination = wrapDestination(inner, connectionLayer(limit));
    await makeCall(destination, name);
    // A listing is opened before its first page is fetched.
    expect(held).toEqual(callTable[name].shape === 'stream' && name !== 'read' ? [0] : [1]);
    expect(limit.held).toBe(0);
  },
);

test('never more calls at once than the limit, and all are made', async () => {
  const limit = limitOf(3);
  let now = 0;
  let most = 0;
  const inner = everyCallDestination(async () => {
    most = Math.max(most, ++now);
    await turns(1);
    now--;
  });
  const destination = wrapDestination(inner, connectionLayer(limit));
  await Promise.all(Array.from({ length: 50 }, (_, index) => destination.remove(`${index}` as RelPath, {})));
  expect(most).toBe(3);
});

test('a wait for a slot ends with the signal, and its place goes to the next', async () => {
  const limit = limitOf(1);
  const slot = await limit.enter(undefined);
  const controller = new AbortController();
  const first = limit.enter(controller.signal).catch((reason: unknown) => reason);
  const second = limit.enter(undefined);
  const reason = new Error('enough');
  controller.abort(reason);
  expect(await first).toBe(reason);
  slot?.[Symbol.dispose]();
  using granted = await second;
  expect(granted).toBeDefined();
  expect(limit.held).toBe(1);
});

test('a throttled call halves the limit, those that were under way do not halve it again', async () => {
  const limit = limitOf(16);
  const slots = await Promise.all(Array.from({ length: 16 }, () => limit.enter(undefined)));
  for (const slot of slots) limit.narrow(slot as Slot);
  expect(limit.current).toBe(8);
  for (const slot of slots) slot?.[Symbol.dispose]();
  for (const expected of [4, 2, 1, 1]) {
    using slot = await limit.enter(undefined);
    limit.narrow(slot as Slot);
    expect(limit.current).toBe(expected);
  }
});

test('calls that work widen it slowly, never beyond the most', async () => {
  const limit = limitOf(4);
  using slot = await limit.enter(undefined);
  limit.narrow(slot as Slot);
  const grown: number[] = [];
  for (let call = 1; call <= 100; call++) {
    const before = limit.current;
    limit.widen();
    if (limit.current > before) grown.push(call);
  }
  expect(grown).toEqual([16, 40]);
  expect(limit.current).toBe(4);
});

test('whatever happens the limit stays between one and the most', () => {
  const steps = fc.array(fc.constantFrom('widen', 'narrow'), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), steps, (most, moves) => {
      const limit = limitOf(most);
      let narrowings = 0;
      for (const move of moves) {
        if (move === 'widen') limit.widen();
        else limit.narrow({ narrowings: narrowings++, [Symbol.dispose]: () => undefined });
        expect(limit.current).toBeGreaterThanOrEqual(1);
        expect(limit.current).toBeLessThanOrEqual(most);
      }
    }),
  );
});

test.each(['throttled', 'timed-out'] as const)('the layer narrows on %s and not on other errors', async (code) => {
  for (const [thrown, expected] of [
    [new HoldfastError(code, code), 4],
    [new HoldfastError('not-found', 'no'), 8],
  ] as const) {
    const limit = limitOf(8);
    const destination = wrapDestination(
      everyCallDestination(() => Promise.reject(thrown)),
      connectionLayer(limit),
    );
    await expect(destination.stat(a, {})).rejects.toBe(thrown);
    expect(limit.current).toBe(expected);
  }
});

test('a stream that fails narrows, and gives its slot back', async () => {
  const limit = limitOf(8);
  const inner = everyCallDestination(async function* () {
    yield Buffer.from('a');
    throw throttled;
  });
  await expect(textOf(wrapDestination(inner, connectionLayer(limit)).read(a, {}))).rejects.toBe(throttled);
  expect([limit.current, limit.held]).toEqual([4, 0]);
});

test('a read keeps its slot to its end, or until its reader leaves', async () => {
  const limit = limitOf(1);
  const inner = new MemoryDestination();
  await inner.write(a, contentOf(Buffer.alloc(200_000)), {});
  const destination = wrapDestination(inner, connectionLayer(limit));
  for await (const _chunk of destination.read(a, {})) {
    expect(limit.held).toBe(1);
    break;
  }
  expect(limit.held).toBe(0);
});

test('calls about what a listing gives can be made with one connection', async () => {
  const inner = new MemoryDestination();
  for (let index = 0; index < 2500; index++) await inner.write(`${index}` as RelPath, contentOf(''), {});
  const destination = wrapDestination(inner, connectionLayer(limitOf(1)));
  for await (const page of destination.list('' as RelPath, {})) for (const { key } of page) await destination.remove(key, {});
  expect(await Array.fromAsync(inner.list('' as RelPath, {}))).toEqual([]);
});

test('a copy within the destination can be made with one connection', async () => {
  const inner = new MemoryDestination();
  await inner.write(a, contentOf(Buffer.alloc(200_000, 'x')), {});
  const destination = wrapDestination(inner, connectionLayer(limitOf(1)));
  await destination.write(b, { size: 200_000n, open: (options) => destination.read(a, options) }, {});
  expect((await inner.stat(b, {}))?.size).toBe(200_000n);
});

test('two reads side by side with one connection come to an end after a while', async () => {
  const clock = new ManualClock();
  const inner = new MemoryDestination();
  for (const key of [a, b]) await inner.write(key, contentOf(Buffer.alloc(200_000, key)), {});
  const limit = limitOf(1, clock);
  const destination = wrapDestination(inner, connectionLayer(limit));
  const one = destination.read(a, {})[Symbol.asyncIterator]();
  const other = destination.read(b, {})[Symbol.asyncIterator]();
  expect((await one.next()).value).toHaveLength(65_536);
  const waiting = other.next();
  await turns();
  expect([limit.held, clock.sleepers]).toEqual([1, 1]);
  await clock.advance(29_999);
  expect(limit.held).toBe(1);
  await clock.advance(1);
  expect((await waiting).value).toHaveLength(65_536);
  await Promise.all([one.return?.(), other.return?.()]);
  expect([limit.held, clock.sleepers]).toEqual([0, 0]);
});

test('with a narrowed limit they come to an end soon', async () => {
  const clock = new ManualClock();
  const limit = limitOf(2, clock);
  const slot = await limit.enter(undefined);
  limit.narrow(slot as Slot);
  limit.setIdle(true);
  const waiting = limit.enter(undefined);
  await clock.advance(999);
  expect([limit.current, limit.held]).toEqual([1, 1]);
  await clock.advance(1);
  using _granted = await waiting;
  expect(limit.held).toBe(2);
});

test('a stream that is pulled now and then keeps the others out, however long it takes', async () => {
  const clock = new ManualClock();
  const limit = limitOf(1, clock);
  const slot = await limit.enter(undefined);
  limit.setIdle(true);
  const waiting = limit.enter(undefined);
  for (let pull = 0; pull < 10; pull++) {
    await clock.advance(20_000);
    limit.setIdle(false);
    limit.setIdle(true);
  }
  expect(limit.held).toBe(1);
  limit.setIdle(false);
  slot?.[Symbol.dispose]();
  using _granted = await waiting;
});

test.each(['read', 'list', 'directories.scan'] as const)('a reader that leaves a %s early closes it', async (name) => {
  let open = 0;
  const inner = everyCallDestination(async function* () {
    open++;
    try {
      yield Buffer.from('a');
      yield Buffer.from('b');
    } finally {
      open--;
    }
  });
  const destination = wrapDestination(inner, connectionLayer(limitOf(1)));
  const options = {} as ScanOptions;
  const stream = {
    read: () => destination.read(a, {}),
    list: () => destination.list(a, {}),
    'directories.scan': () => destination.capabilities.directories?.scan(a, options) ?? [],
  };
  for await (const _item of stream[name]()) {
    expect(open).toBe(1);
    break;
  }
  expect(open).toBe(0);
});

test('nothing is let through while a call is under way, and no timer outlives the wait', async () => {
  const clock = new ManualClock();
  const limit = limitOf(1, clock);
  const slot = await limit.enter(undefined);
  const waiting = limit.enter(undefined);
  await clock.advance(600_000);
  expect(limit.held).toBe(1);
  limit.setIdle(true);
  await turns();
  expect(clock.sleepers).toBe(1);
  limit.setIdle(false);
  slot?.[Symbol.dispose]();
  using _granted = await waiting;
  await turns();
  expect(clock.sleepers).toBe(0);
});

test('a batch gets no more workers than the limit', async () => {
  const asked: (number | undefined)[] = [];
  const inner = everyCallDestination((name, args) => {
    asked.push((args[1] as BatchOptions).concurrency);
    return plainAnswer(name);
  });
  const limit = limitOf(8);
  const destination = wrapDestination(inner, connectionLayer(limit));
  await makeCall(destination, 'batch.run');
  using slot = await limit.enter(undefined);
  limit.narrow(slot as Slot);
  await makeCall(destination, 'batch.run');
  expect(asked).toEqual([undefined, 4]);
});
