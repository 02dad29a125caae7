import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EntryBlock } from '../../contracts/entry-block.ts';
import type { Entry } from '../../contracts/entry.ts';
import { packEntries } from '../../entries/entry-block-builder.ts';
import { comparePaths, parseRelPath } from '../../paths/rel-path.ts';
import type { RecordedBlock } from '../layout.ts';
import { joinStreams } from './three-way-join.ts';

/** A tree as path -> version; directories end with a slash. */
type Tree = ReadonlyMap<string, number>;

const segment = fc.constantFrom('a', 'a-b', 'a.', 'b', 'ab', 'é', 'x');
const pathOf = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const tree: fc.Arbitrary<Tree> = fc.array(fc.tuple(pathOf, fc.integer({ min: 0, max: 2 })), { maxLength: 25 }).map((files) => {
  const all = new Map<string, number>([['', 0]]);
  for (const [path, version] of files) {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) all.set(parts.slice(0, i).join('/'), 0);
    if (!all.has(path)) all.set(path, version);
  }
  return all;
});

function entriesOf(paths: Tree): Entry[] {
  const isDirectory = (path: string): boolean => path === '' || [...paths.keys()].some((other) => other.startsWith(`${path}/`));
  return [...paths]
    .map(([path, version]): Entry => {
      const base = { path: parseRelPath(path), metadata: { mode: 0o644, mtimeNs: BigInt(version) } };
      return isDirectory(path) ? { ...base, kind: 'directory' } : { ...base, kind: 'file', size: BigInt(version) };
    })
    .sort((a, b) => comparePaths(a.path, b.path));
}

async function* blocks(entries: readonly Entry[], size: number): AsyncGenerator<EntryBlock> {
  for (let i = 0; i < entries.length; i += size) yield packEntries(entries.slice(i, i + size));
}

async function* recordedBlocks(entries: readonly Entry[], size: number): AsyncGenerator<RecordedBlock> {
  for await (const block of blocks(entries, size))
    yield { ...block, destinationStats: block.stats, extrasAt: () => new Uint8Array() };
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));

test('finds at every path exactly what each stream has there, whatever the blocks', async () => {
  await fc.assert(
    fc.asyncProperty(tree, tree, tree, sizes, async (source, destination, recorded, [s, d, r]) => {
      const [sources, destinations, records] = [entriesOf(source), entriesOf(destination), entriesOf(recorded)];
      const seen: string[] = [];
      await joinStreams(
        { source: blocks(sources, s), destination: blocks(destinations, d), recorded: recordedBlocks(records, r) },
        {
          unchanged: (a, b, c) => void seen.push(`${a.path}=${b?.path}=${c.path}`),
          differing: (a, b, c) => void seen.push(`${a?.path}|${b?.path}|${c?.path}`),
        },
      );
      const find = (entries: Entry[], path: string): Entry | undefined => entries.find((entry) => entry.path === path);
      const paths = [...new Set([...sources, ...destinations, ...records].map((entry) => entry.path))].sort(comparePaths);
      const expected = paths.map((path) => {
        const [a, b, c] = [find(sources, path), find(destinations, path), find(records, path)];
        const same = a !== undefined && b !== undefined && c !== undefined && [a, b].every((entry) => equal(entry, c));
        return same ? `${a.path}=${b.path}=${c.path}` : `${a?.path}|${b?.path}|${c?.path}`;
      });
      expect(seen).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});

test('rejects a stream that is out of order', async () => {
  const entries = entriesOf(
    new Map([
      ['', 0],
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]),
  );
  const [root, a, b, c] = entries as [Entry, Entry, Entry, Entry];
  const ignore = { unchanged: () => undefined, differing: () => undefined };
  for (const wrong of [
    [root, b, a, c],
    [root, a, a],
    [a, b],
    [root, a, root],
  ]) {
    const streams = { source: blocks(wrong, 2), destination: undefined, recorded: undefined };
    await expect(joinStreams(streams, ignore)).rejects.toMatchObject({ code: 'internal' });
  }
});

function equal(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.metadata.mtimeNs === b.metadata.mtimeNs;
}
