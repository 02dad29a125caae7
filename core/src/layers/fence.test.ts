import { expect, test } from 'vitest';
import type { RelPath } from '../contracts/rel-path.ts';
import { contentOf, textOf } from '../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../testing/every-call.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { callNames, callTable } from './call-table.ts';
import { dryRunLayer } from './dry-run.ts';
import { type Fence, fenceLayer } from './fence.ts';
import { wrapDestination } from './wrap-destination.ts';

const key = 'a' as RelPath;
const changes = callNames.filter((name) => callTable[name].effect === 'change');
const lostFence: Fence = { lost: AbortSignal.abort(new Error('stolen')), isLost: () => true };
const heldFence = (): { fence: Fence; lose: () => void } => {
  const controller = new AbortController();
  return { fence: { lost: controller.signal, isLost: () => false }, lose: () => controller.abort(new Error('stolen')) };
};

test.each([
  ['a lost lock', fenceLayer(lostFence), 'fenced'],
  ['a lock that was not renewed in time', fenceLayer({ lost: new AbortController().signal, isLost: () => true }), 'fenced'],
  ['a dry run', dryRunLayer, 'internal'],
] as const)('%s stops every change and no query', async (_name, layer, code) => {
  const reached: string[] = [];
  const inner = everyCallDestination((name) => {
    reached.push(name);
    return plainAnswer(name);
  });
  for (const name of callNames) {
    const call = makeCall(wrapDestination(inner, layer), name);
    if (changes.includes(name)) await expect(call, name).rejects.toMatchObject({ code });
    else await call;
  }
  expect(reached).toEqual(callNames.filter((name) => !changes.includes(name)));
});

test('the calls of an open patch are stopped when the lock is lost meanwhile', async () => {
  const { fence, lose } = heldFence();
  const inner = new MemoryDestination();
  await inner.write(key, contentOf('old'), {});
  const patch = await wrapDestination(inner, fenceLayer(fence)).capabilities.patch?.begin(key, key, {});
  await patch?.writeAt(0n, Buffer.from('new'));
  lose();
  await expect(patch?.commit()).rejects.toMatchObject({ code: 'fenced', path: key });
  expect(await textOf(inner.read(key, {}))).toBe('old');
});

test.each(changes.filter((name) => callTable[name].options !== undefined && !('keepsSignal' in callTable[name])))(
  'losing the lock ends a %s under way',
  async (name) => {
    const { fence, lose } = heldFence();
    const inner = everyCallDestination((call, args) => {
      const { signal } = args[callTable[call].options ?? 0] as { signal: AbortSignal };
      const aborted = new Promise<never>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
      return callTable[call].shape === 'stream' ? streamOf(aborted) : aborted;
    });
    const call = makeCall(wrapDestination(inner, fenceLayer(fence)), name);
    setImmediate(lose);
    await expect(call).rejects.toMatchObject({ code: 'fenced', cause: { message: 'stolen' } });
  },
);

test('an error while the lock is held stays what it is, and the caller’s own abort too', async () => {
  const { fence } = heldFence();
  const destination = wrapDestination(new MemoryDestination(), fenceLayer(fence));
  await expect(destination.capabilities.move?.(key, 'b' as RelPath, {})).rejects.toMatchObject({ code: 'not-found' });
  const reason = new Error('enough');
  await expect(destination.write(key, contentOf('1'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

async function* streamOf(end: Promise<never>): AsyncGenerator<never> {
  yield await end;
}
