import type { CallOptions } from '../../contracts/call-options.ts';
import { bytesOf, contentOf } from '../../testing/byte-content.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import {
  ConformanceFailure,
  expectAborted,
  expectBytes,
  expectEqual,
  expectReason,
  expectWithin,
  fail,
} from '../expectations.ts';
import { inParallel } from '../in-parallel.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const reason = {
  of: 'CallOptions.signal',
  says: "Aborting makes the call reject with the signal's reason as soon as it can, leaving old or whole objects only.",
};
const PROMPT_MS = 5000;

async function abortBefore(context: CheckContext): Promise<void> {
  await context.put('a', 'old');
  const { destination } = context;
  const key = context.key('a');
  const why = new Error('aborted by the check');
  const options: CallOptions = { signal: AbortSignal.abort(why) };
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    stat: () => destination.stat(key, options),
    read: () => bytesOf(destination.read(key, options)),
    write: () => destination.write(key, contentOf('new'), options),
    flush: () => destination.flush(options),
    remove: () => destination.remove(key, options),
    list: () => Array.fromAsync(destination.list(context.root, options)),
  };
  for (const [name, call] of Object.entries(calls)) {
    await expectWithin(PROMPT_MS, expectAborted(call(), why, `${name} with an aborted signal`), `${name} with an aborted signal`);
  }
  expectEqual((await context.get('a')).toString(), 'old', 'the object after calls that were aborted');
}

/** Reads a stream whose signal is aborted after its first part. It has to reject with the reason, unless that part was all. */
async function expectStops(stream: (signal: AbortSignal) => AsyncIterable<unknown>, what: string): Promise<void> {
  const controller = new AbortController();
  const why = new Error('aborted by the check');
  const drain = async (): Promise<void> => {
    try {
      for await (const _part of stream(controller.signal)) {
        if (controller.signal.aborted) fail(`${what} went on after it was aborted`);
        controller.abort(why);
      }
    } catch (error) {
      if (error instanceof ConformanceFailure) throw error;
      expectReason(error, why, what);
    }
  };
  await expectWithin(PROMPT_MS, drain(), what);
}

async function abortRead(context: CheckContext): Promise<void> {
  const size = 8 << 20;
  await context.destination.write(context.key('a'), patternContent(1, size, 1 << 20), {});
  await expectStops((signal) => context.destination.read(context.key('a'), { signal }), 'a read');
  expectBytes(await context.get('a'), patternBytes(1, 0n, size), 'the object after an aborted read');
}

async function abortList(context: CheckContext): Promise<void> {
  const names = Array.from({ length: context.limits.manyEntries }, (_, index) => `n${index}`);
  await inParallel(names, 16, (name) => context.put(name, ''));
  await expectStops((signal) => context.destination.list(context.root, { signal }), 'a listing');
}

/** The calls of every capability that the destination has, on the objects "a" and "b". */
function capabilityCalls(context: CheckContext, options: CallOptions): [string, Promise<unknown> | undefined][] {
  const { directories, metadata, links, special, move, copy, patch, digests, createOnly, lock, usage } =
    context.destination.capabilities;
  const [a, b, c] = [context.key('a'), context.key('b'), context.key('c')];
  const entry = { path: a, kind: 'file', size: 3n, metadata: { mode: 0o600 } } as const;
  const [algorithm = 'sha256'] = digests?.algorithms ?? [];
  return [
    ['directories.create', directories?.create(c, options)],
    ['metadata.apply', metadata?.apply(a, entry, entry.metadata, options)],
    ['metadata.read', metadata?.read(a, options)],
    ['links.symlink', links?.symlink(c, 'a', options)],
    ['links.hardLink', links?.hardLink(a, c, options)],
    ['special.create', special?.create(c, { path: c, kind: 'fifo', metadata: {} }, options)],
    ['move', move?.(a, b, options)],
    ['copy', copy?.(a, b, options)],
    ['patch.begin', patch?.begin(a, a, options)],
    ['digests.compute', digests?.compute(a, algorithm, options)],
    ['createOnly.create', createOnly?.create(c, contentOf('new'), options)],
    ['lock.acquire', lock?.acquire(c, 'a note', options)],
    ['usage.usage', usage?.usage(options)],
  ];
}

async function abortCapabilities(context: CheckContext): Promise<void> {
  await context.put('a', 'old');
  await context.put('b', 'other');
  const why = new Error('aborted by the check');
  const calls = capabilityCalls(context, { signal: AbortSignal.abort(why) });
  const ends = await Promise.allSettled(calls.map(([, call]) => call ?? Promise.reject(why)));
  for (const [index, [name]] of calls.entries()) {
    const end = ends[index];
    if (end?.status !== 'rejected') fail(`${name} with an aborted signal: expected a rejection`);
    expectReason(end.reason, why, `${name} with an aborted signal`);
  }
  expectEqual(await context.names(), ['a', 'b'], 'what is listed after calls that were aborted');
  expectEqual((await context.get('b')).toString(), 'other', 'an object after calls that were aborted');
}

/** Disposing twice is no error, and another opening goes on. */
async function disposeTwice(context: CheckContext): Promise<void> {
  const other = await context.open();
  await other.write(context.key('a'), contentOf('x'), {});
  await other[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  expectEqual((await context.get('a')).toString(), 'x', 'what an opening wrote that was disposed');
}

const disposes = { of: 'Destination', says: 'Disposing it twice is no error.' };

export const abortChecks: readonly ConformanceCheck[] = [
  { id: 'abort.before', title: 'does nothing where the signal is aborted already', promise: reason, run: abortBefore },
  {
    id: 'abort.capabilities',
    title: 'does nothing with any capability where the signal is aborted already',
    promise: reason,
    run: abortCapabilities,
  },
  { id: 'abort.read', title: 'ends a read that is aborted', promise: reason, run: abortRead },
  { id: 'abort.list', title: 'ends a listing that is aborted', promise: reason, run: abortList },
  { id: 'dispose.twice', title: 'can be disposed twice', promise: disposes, run: disposeTwice },
];
