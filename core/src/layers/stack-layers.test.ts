import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { rootPath } from '../paths/rel-path.ts';
import { contentOf, textOf } from '../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../testing/every-call.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import type { Fault } from '../testing/fault-script.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import type { MemoryDestinationOptions } from '../testing/memory-options.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { settle, turns } from '../testing/settle.ts';
import { parseBandwidth } from '../values/parse-bandwidth.ts';
import { verifiers } from '../verification/verifiers.ts';
import { Bandwidth } from './bandwidth/bandwidth.ts';
import { callNames, callTable } from './call-table.ts';
import { ConnectionLimit } from './connections/connection-limit.ts';
import { type LayerOptions, stackLayers } from './stack-layers.ts';
import type { TraceRecord } from './trace.ts';

const a = 'a' as RelPath;
const b = 'b' as RelPath;

/** A stack over a destination, with a record of what reached the plugin. */
function stacked(plugin: Destination, more: Partial<LayerOptions> = {}) {
  const clock = (more.clock as ManualClock | undefined) ?? new ManualClock();
  const chance = new SeededRandom(1);
  const random = { fraction: () => chance.fraction(), hex: () => '', uuid: () => '' };
  const records: TraceRecord[] = [];
  const limit = new ConnectionLimit(2, clock);
  const options = {
    clock,
    random,
    runId: 'run',
    connections: limit,
    trace: (record: TraceRecord) => records.push(record),
    ...more,
  };
  const reached = (): string[] => records.map(({ call, key, error }) => [call, key, ...(error ? [error] : [])].join(' '));
  return { clock, limit, records, reached, destination: stackLayers(plugin, options) };
}

const faulty = (faults: readonly Fault[], options: MemoryDestinationOptions = {}) =>
  new FaultyDestination(new MemoryDestination(options), { faults });
const fails = (call: Fault['call'], code: ErrorCode, times = 1): Fault => ({ call, times, effect: { kind: 'error', code } });
const lostLock = { lost: AbortSignal.abort(), isLost: () => true };

test('a dry run is outside of the fence', async () => {
  const { destination, reached } = stacked(new MemoryDestination(), { dryRun: true, fence: lostLock });
  await expect(destination.write(a, contentOf('1'), {})).rejects.toMatchObject({ code: 'internal' });
  expect(reached()).toEqual([]);
});

test('the fence is outside of retry: what waits for its next try ends when the lock is lost', async () => {
  const controller = new AbortController();
  const fence = { lost: controller.signal, isLost: () => false };
  const { destination, clock, reached } = stacked(faulty([fails('write', 'connection-lost', 9)]), { fence });
  const write = destination.write(a, contentOf('1'), {}).catch((error: unknown) => error);
  await turns();
  expect(clock.sleepers).toBe(1);
  controller.abort();
  expect(await write).toMatchObject({ code: 'fenced' });
  expect(reached()).toEqual(['write a connection-lost']);
});

test('the fence is asked again right before the plugin: a process that stood still does not make its next try', async () => {
  let lost = false;
  const fence = { lost: new AbortController().signal, isLost: () => lost };
  const { destination, clock, reached } = stacked(faulty([fails('write', 'connection-lost')]), { fence });
  const write = destination.write(a, contentOf('1'), {});
  await turns();
  lost = true;
  await expect(settle(clock, write)).rejects.toMatchObject({ code: 'fenced' });
  expect(reached()).toEqual(['write a connection-lost']);
});

test('atomic write is outside of verified: the temporary name is proved before it is moved', async () => {
  const { destination, clock, reached } = stacked(faulty([], { atomicReplace: false, without: ['digests'] }), {
    verifier: verifiers.digest,
  });
  await settle(clock, destination.write(a, contentOf('1'), {}));
  const temporary = '.holdfast-tmp-run-0';
  const staged = [`write ${temporary}`, `stat ${temporary}`, `stat ${temporary}`, `read ${temporary}`];
  expect(reached().filter((line) => !line.startsWith('stat') || line.endsWith(temporary))).toEqual([
    ...staged,
    `move ${temporary}`,
  ]);
});

test('what is proved wrong never gets its name where the destination cannot replace in one step', async () => {
  const inner = new MemoryDestination({ atomicReplace: false });
  await inner.write(a, contentOf('old'), {});
  const plugin = new FaultyDestination(inner, { faults: [{ call: 'write', effect: { kind: 'flip', atByte: 0 } }] });
  const { destination, clock } = stacked(plugin, { verifier: verifiers.digest });
  await expect(settle(clock, destination.write(a, contentOf('new'), {}))).rejects.toMatchObject({ code: 'verify-failed' });
  expect(await textOf(inner.read(a, {}))).toBe('old');
  expect((await Array.fromAsync(inner.list(rootPath, {}))).flat()).toHaveLength(1);
});

test('verified is outside of retry: a proof whose read breaks is read again, not written again', async () => {
  const plugin = faulty([{ call: 'read', times: 1, effect: { kind: 'error', code: 'connection-lost' } }], {
    without: ['digests'],
    atomicReplace: false,
  });
  const { destination, clock, reached } = stacked(plugin, { verifier: verifiers.readback });
  await settle(clock, destination.write(a, contentOf('1'), {}));
  const calls = reached().map((line) => line.split(' ')[0]);
  expect(calls.filter((call) => call === 'write')).toHaveLength(1);
  expect(calls.filter((call) => call === 'read')).toHaveLength(2);
});

test('retry is outside of the connection limit: who waits for the next try holds no slot', async () => {
  const { destination, clock, limit } = stacked(faulty([fails('stat', 'throttled')]));
  const stat = destination.stat(a, {});
  await turns();
  expect([clock.sleepers, limit.held, limit.current]).toEqual([1, 0, 1]);
  await settle(clock, stat);
});

test('the connection limit is outside of bandwidth: who waits for leave to send keeps the slot', async () => {
  const clock = new ManualClock();
  const bandwidth = new Bandwidth(parseBandwidth('1'), clock);
  await bandwidth.take(100);
  const { destination, limit } = stacked(new MemoryDestination(), { clock, bandwidth });
  const write = destination.write(a, contentOf('1'), {});
  await turns();
  expect(limit.held).toBe(1);
  await settle(clock, write, 1000);
  expect(limit.held).toBe(0);
});

test('bandwidth is outside of stall detection: a wait for leave is no stall', async () => {
  const clock = new ManualClock();
  const bandwidth = new Bandwidth(parseBandwidth('1'), clock);
  const { destination, records } = stacked(new MemoryDestination(), { clock, bandwidth, stall: { stallMs: 1000, workMs: 1000 } });
  await settle(clock, destination.write(a, contentOf('x'.repeat(60)), {}), 1000);
  expect(await settle(clock, textOf(destination.read(a, {})), 1000)).toHaveLength(60);
  expect(records.filter(({ error }) => error !== undefined)).toEqual([]);
});

test('stall detection is inside of retry: what hung is tried again', async () => {
  const plugin = (clock: ManualClock) =>
    new FaultyDestination(new MemoryDestination(), { faults: [{ call: 'write', times: 1, effect: { kind: 'hang' } }] }, clock);
  const clock = new ManualClock();
  const { destination, reached } = stacked(plugin(clock), { clock });
  await settle(clock, destination.write(a, contentOf('1'), {}));
  expect(reached()).toEqual(['write a timed-out', 'write a']);
});

test('trace is innermost: it sees each try, and the temporary name', async () => {
  const { destination, clock, reached } = stacked(faulty([fails('write', 'throttled')], { atomicReplace: false }));
  await settle(clock, destination.write(a, contentOf('1'), {}));
  const temporary = '.holdfast-tmp-run-0';
  expect(reached()).toEqual([`write ${temporary} throttled`, `write ${temporary}`, `move ${temporary}`, 'stat a']);
});

test.each(callNames)('%s passes through the whole stack, and its abort ends every wait', async (name) => {
  const clock = new ManualClock();
  const bandwidth = new Bandwidth(parseBandwidth('off'), clock);
  const fence = { lost: new AbortController().signal, isLost: () => false };
  const options = { clock, bandwidth, fence, verifier: verifiers.size };
  const working = stacked(everyCallDestination(answerWithSize), options);
  await settle(clock, makeCall(working.destination, name));
  expect(working.reached().length).toBeGreaterThan(0);
  const hanging = everyCallDestination((call, args) => hang(call, args));
  const controller = new AbortController();
  const reason = new Error('enough');
  const call = makeCall(stacked(hanging, options).destination, name, controller.signal).catch((error: unknown) => error);
  await turns();
  controller.abort(reason);
  expect(await call).toBe(reason);
  await turns();
  expect(clock.sleepers).toBe(0);
});

/** What no answer was lost in, and what may have lost one: all errors pass by themselves. */
const transient = fc.constantFrom<ErrorCode>('connection-lost', 'timed-out', 'throttled');
const effect = fc.oneof(
  transient.map((code) => ({ kind: 'error', code }) as const),
  fc.constantFrom('connection-lost' as const, 'timed-out' as const).map((code) => ({ kind: 'error-after', code }) as const),
  fc.tuple(fc.nat(12), transient).map(([afterBytes, code]) => ({ kind: 'break', afterBytes, code }) as const),
);
const shortRead = fc.record({
  call: fc.constant('read' as const),
  effect: fc.record({ kind: fc.constant('truncate' as const), afterBytes: fc.nat(10) }),
});
const fault = fc
  .oneof({ weight: 4, arbitrary: fc.record({ call: fc.constant('*' as const), effect }) }, { weight: 1, arbitrary: shortRead })
  .chain((each) => fc.integer({ min: 1, max: 25 }).map((nth): Fault => ({ ...each, nth, times: 1 })));

test('whatever passing errors befall which calls, the end is the same as without them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 6 }),
      fc.boolean(),
      fc.constantFrom(undefined, ...Object.values(verifiers)),
      async (faults, atomicReplace, verifier) => {
        const inner = new MemoryDestination({ atomicReplace });
        const { destination, clock } = stacked(new FaultyDestination(inner, { faults }), { ...(verifier && { verifier }) });
        const { createOnly, links, move, directories } = destination.capabilities;
        const work = async (): Promise<unknown[]> => {
          await destination.write(a, contentOf('first'), {});
          await destination.write(a, contentOf('hello world'), {});
          const created = [
            await createOnly?.create(b, contentOf('lock'), {}),
            await createOnly?.create(b, contentOf('other'), {}),
          ];
          await directories?.create('d' as RelPath, {});
          await links?.symlink('d/l' as RelPath, 'target', {});
          await move?.(a, 'd/m' as RelPath, {});
          await links?.hardLink('d/m' as RelPath, 'd/h' as RelPath, {});
          await destination.remove(b, {});
          await destination.flush({});
          const listed = (await Array.fromAsync(destination.list(rootPath, {})))
            .flat()
            .map(({ key }) => key)
            .sort();
          return [...created, listed, await textOf(destination.read('d/h' as RelPath, {}))];
        };
        expect(await settle(clock, work(), 10_000)).toEqual(['created', 'exists', ['d', 'd/h', 'd/l', 'd/m'], 'hello world']);
      },
    ),
    { numRuns: 150 },
  );
});

function answerWithSize(name: Parameters<typeof plainAnswer>[0]): unknown {
  return name === 'stat' ? Promise.resolve({ key: a, kind: 'file', size: 3n, version: '1' }) : plainAnswer(name);
}

function hang(name: Parameters<typeof plainAnswer>[0], args: readonly unknown[]): unknown {
  const at = callTable[name].options;
  // The calls of a patch have no signal of their own; they end by the error of whoever holds the patch.
  if (at === undefined) return Promise.reject(new HoldfastError('internal', 'no signal'));
  const { signal } = args[at] as { signal: AbortSignal };
  const aborted = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  );
  if (callTable[name].shape === 'answer') return aborted;
  return (async function* () {
    yield await aborted;
  })();
}
