import { expect, test } from 'vitest';
import { MemoryDestination } from './memory-destination.ts';
import { MemorySource } from './memory-source.ts';
import type { Entry } from '../contracts/entry.ts';
import { parseRelPath, rootPath } from '../paths/rel-path.ts';
import { contentOf, textOf } from './byte-content.ts';

const everything = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: false,
};

test('a tree scans in tree order and its files read back', async () => {
  const source = new MemorySource({ 'a-b': 'x', 'a/x': 'deep', 'a/y/z': 'deeper', 'l': { kind: 'symlink', target: 'a' } });
  const paths: string[] = [];
  for await (const batch of source.scan({ selection: everything, onSkip: () => {}, onExclude: () => {} })) {
    for (const entry of batch as readonly Entry[]) paths.push(entry.path);
  }
  expect(paths).toEqual(['', 'a', 'a/x', 'a/y', 'a/y/z', 'a-b', 'l']);
});

test('moving a directory takes along what is below it', async () => {
  const memory = new MemoryDestination();
  await memory.write(parseRelPath('d/e/f'), contentOf('hello'), {});
  await memory.capabilities.move?.(parseRelPath('d'), parseRelPath('g/h'), {});
  expect(await textOf(memory.read(parseRelPath('g/h/e/f'), {}))).toBe('hello');
  expect(await memory.stat(parseRelPath('d'), {})).toBeUndefined();
});

test('a full destination refuses and keeps the old object', async () => {
  const memory = new MemoryDestination({ capacityBytes: 10n });
  await memory.write(parseRelPath('a'), contentOf('12345678'), {});
  await expect(memory.write(parseRelPath('a'), contentOf('123456789'), {})).rejects.toMatchObject({ code: 'destination-full' });
  expect(await textOf(memory.read(parseRelPath('a'), {}))).toBe('12345678');
});

test('options take capabilities away and a store can be opened twice', async () => {
  const bucket = new MemoryDestination({ without: ['directories', 'move'], caseSensitive: false });
  const again = new MemoryDestination(bucket.store);
  await bucket.write(parseRelPath('a'), contentOf('1'), {});
  await bucket.write(parseRelPath('A/b'), contentOf('2'), {});
  expect(again.capabilities.move).toBeUndefined();
  const keys = (await Array.fromAsync(again.list(rootPath, {}))).flat().map(({ key }) => key);
  expect(keys).toEqual(['a', 'a/b']);
});
