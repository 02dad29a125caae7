import { expect, test } from 'vitest';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { rootPath } from '../paths/rel-path.ts';
import { contentOf, generatedContent, textOf } from '../testing/byte-content.ts';
import { everyCallDestination } from '../testing/every-call.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import type { Fault } from '../testing/fault-script.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { writeAtomically } from './atomic-write.ts';

const key = 'folder/a' as RelPath;
const other = 'b' as RelPath;
const poor = (): MemoryDestination => new MemoryDestination({ atomicReplace: false });
const keysOf = async (destination: Destination): Promise<string[]> =>
  (await Array.fromAsync(destination.list(rootPath, {})))
    .flat()
    .map((info) => info.key)
    .sort();

function failing(inner: Destination, ...faults: Fault[]): Destination {
  return writeAtomically(new FaultyDestination(inner, { faults }), 'run');
}

test('a write shows the old object until the new one is whole', async () => {
  const inner = poor();
  await inner.write(key, contentOf('old'), {});
  const destination = writeAtomically(inner, 'run');
  expect([inner.traits.atomicReplace, destination.traits.atomicReplace]).toEqual([false, true]);
  const seen = new Set<string>();
  const content = generatedContent(200_000n, (_offset, length) => Buffer.alloc(length, 'n'), 10_000);
  const write = destination.write(key, { ...content, open: watched }, {});
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content.open({})) {
      seen.add(await textOf(destination.read(key, {})));
      yield chunk;
    }
  }
  const info = await write;
  expect([...seen]).toEqual(['old']);
  expect(await textOf(destination.read(key, {}))).toBe('n'.repeat(200_000));
  expect(info).toEqual(await inner.stat(key, {}));
  expect(await keysOf(inner)).toEqual(['folder', 'folder/a']);
});

test('without the layer the same destination shows a part', async () => {
  const inner = new FaultyDestination(poor(), {
    faults: [{ call: 'write', nth: 2, effect: { kind: 'break', afterBytes: 2, code: 'write-failed' } }],
  });
  await inner.write(key, contentOf('old'), {});
  await expect(inner.write(key, contentOf('new'), {})).rejects.toMatchObject({ code: 'write-failed' });
  expect(await textOf(inner.read(key, {}))).toBe('ne');
});

test.each([
  ['write', { kind: 'break', afterBytes: 2, code: 'write-failed' }],
  ['write', { kind: 'error-after', code: 'connection-lost' }],
  ['move', { kind: 'error', code: 'access-denied' }],
] as const)('a %s that fails (%j) leaves the old object and nothing besides', async (call, effect) => {
  const inner = poor();
  await inner.write(key, contentOf('old'), {});
  const destination = failing(inner, { call, effect });
  await expect(destination.write(key, contentOf('new'), {})).rejects.toMatchObject({ code: effect.code });
  expect(await textOf(inner.read(key, {}))).toBe('old');
  expect(await keysOf(inner)).toEqual(['folder', 'folder/a']);
});

test('an abort leaves nothing besides either', async () => {
  const inner = poor();
  const controller = new AbortController();
  const reason = new Error('enough');
  const content = generatedContent(
    100_000n,
    (offset, length) => {
      if (offset > 50_000n) controller.abort(reason);
      return Buffer.alloc(length);
    },
    10_000,
  );
  await expect(writeAtomically(inner, 'run').write(other, content, { signal: controller.signal })).rejects.toBe(reason);
  expect(await keysOf(inner)).toEqual([]);
});

test('a temporary name that cannot be removed tells the run it is of', async () => {
  const inner = poor();
  const destination = failing(
    inner,
    { call: 'move', effect: { kind: 'error', code: 'access-denied' } },
    { call: 'remove', effect: { kind: 'error', code: 'access-denied' } },
  );
  for (const name of ['a', 'b']) await expect(destination.write(name as RelPath, contentOf('1'), {})).rejects.toThrow('move');
  expect(await keysOf(inner)).toEqual(['.holdfast-tmp-run-0', '.holdfast-tmp-run-1']);
});

test('copies and clones appear in one step too, and a clone that is not possible leaves nothing', async () => {
  const reached: string[] = [];
  let clones = true;
  const destination = writeAtomically(
    everyCallDestination(async (name, args) => {
      reached.push(`${name} ${String(args[name === 'cloneFrom' ? 1 : 0])}${name === 'move' ? ` ${String(args[1])}` : ''}`);
      return name === 'cloneFrom' ? clones : undefined;
    }),
    'run',
  );
  const local = { root: '/', path: other, dev: 1n, ino: 1n };
  await destination.capabilities.copy?.(other, key, {});
  expect(await destination.capabilities.cloneFrom?.(local, key, {})).toBe(true);
  clones = false;
  expect(await destination.capabilities.cloneFrom?.(local, key, {})).toBe(false);
  const temporary = (number: number): string => `folder/.holdfast-tmp-run-${number}`;
  expect(reached).toEqual([
    'copy b',
    `move ${temporary(0)} ${key}`,
    `cloneFrom ${temporary(1)}`,
    `move ${temporary(1)} ${key}`,
    `cloneFrom ${temporary(2)}`,
  ]);
});

test('what can neither replace nor move is refused', () => {
  const inner = new MemoryDestination({ atomicReplace: false, without: ['move'] });
  expect(() => writeAtomically(inner, 'run')).toThrow(expect.objectContaining({ code: 'unsupported' }));
});
