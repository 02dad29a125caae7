import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../contracts/entry.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryBatch, ScanOptions } from '../../contracts/source.ts';
import { EntryCursor } from '../../entries/entry-cursor.ts';
import { packEntries, toEntryBlock } from '../../entries/entry-block-builder.ts';
import { sliceBlock } from '../../entries/slice-block.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { comparePaths, parentPath, rootPath } from '../../paths/rel-path.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { resumingScan } from './resuming-scan.ts';
import { defaultRetry, Retrier } from './retrier.ts';

/** A tree with these paths and the directories that lead to them, in tree order; paths that end in `l` are symbolic links. */
function treeOf(paths: readonly string[]): Entry[] {
  const all = new Set<string>(['']);
  for (let path of paths) for (; path !== ''; path = parentPath(path as RelPath)) all.add(path);
  const parents = new Set([...all].map((path) => (path === '' ? undefined : parentPath(path as RelPath))));
  return [...all]
    .sort((a, b) => comparePaths(a as RelPath, b as RelPath))
    .map((text, index): Entry => {
      const path = text as RelPath;
      const isDirectory = path === '' || parents.has(path);
      // A packed directory has no link count.
      const base = { path, metadata: {}, identity: { dev: 7n, ino: BigInt(index), nlink: isDirectory ? 0 : 1, ctimeNs: 0n } };
      if (isDirectory) return { ...base, kind: 'directory' };
      return path.endsWith('l')
        ? { ...base, kind: 'symlink', target: `to-${path}` }
        : { ...base, kind: 'file', size: BigInt(index) };
    });
}

const segment = fc.constantFrom('a', 'b', 'a-b', 'l', 'bl', 'é', '\udc80');
const trees = fc
  .array(
    fc.array(segment, { minLength: 1, maxLength: 4 }).map((each) => each.join('/')),
    { maxLength: 40 },
  )
  .map(treeOf);

interface ScanPass {
  readonly entries: readonly Entry[];
  readonly breaksAfter?: number;
  /** Entries in a batch. */
  readonly batch: number;
  readonly packed: boolean;
}

function scanOf(passes: readonly ScanPass[], tell: (options: ScanOptions) => void = () => undefined) {
  let next = 0;
  return {
    create: async () => undefined,
    async *scan(_root: RelPath, options: ScanOptions): AsyncGenerator<EntryBatch> {
      const { entries, breaksAfter, batch, packed } = passes[Math.min(next++, passes.length - 1)] as ScanPass;
      const given = entries.slice(0, breaksAfter);
      tell(options);
      for (let at = 0; at < given.length; at += batch) {
        const part = given.slice(at, at + batch);
        yield packed ? packEntries(part) : part;
      }
      if (breaksAfter !== undefined) throw new HoldfastError('connection-lost', 'broken');
    },
  };
}

function scanned(directories: ReturnType<typeof scanOf>, told: Partial<ScanOptions> = {}): Promise<Entry[]> {
  const clock = new ManualClock();
  const retrier = new Retrier(defaultRetry(), clock, { fraction: () => 0, hex: () => '', uuid: () => '' });
  const options = { onSkip: () => undefined, onExclude: () => undefined, ...told } as ScanOptions;
  const blocks = async function* () {
    for await (const batch of resumingScan(directories, rootPath, options, retrier)) yield toEntryBlock(batch);
  };
  return settle(clock, readAll(new EntryCursor(blocks())));
}

async function readAll(cursor: EntryCursor): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (await cursor.start(); !cursor.done; ) {
    entries.push(cursor.entry());
    if (!cursor.advance()) await cursor.refill();
  }
  return entries;
}

const passShape = fc.record({ breaksAfter: fc.nat(60), batch: fc.integer({ min: 1, max: 9 }), packed: fc.boolean() });

test('wherever a scan breaks and however it is cut, every entry comes once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(trees, fc.array(passShape, { maxLength: 6 }), passShape, async (entries, broken, last) => {
      const passes = [...broken.map((shape) => ({ entries, ...shape })), { entries, batch: last.batch, packed: last.packed }];
      expect(await scanned(scanOf(passes))).toEqual(entries);
    }),
    { numRuns: 300 },
  );
});

test('entries that come and go between two passes keep the order', async () => {
  const before = treeOf(['a/1', 'a/3', 'b/1']);
  const after = treeOf(['a/0', 'a/3', 'a/4', 'c']);
  for (const packed of [true, false]) {
    const passes = [
      { entries: before, breaksAfter: 4, batch: 2, packed },
      { entries: after, batch: 3, packed },
    ];
    expect((await scanned(scanOf(passes))).map(({ path }) => path)).toEqual(['', 'a', 'a/1', 'a/3', 'a/4', 'c']);
  }
});

test('what a scan tells besides is told once', async () => {
  const told: unknown[] = [];
  const entries = treeOf(['a']);
  const skip = { path: 'x' as RelPath, code: 'access-denied', message: 'no', subtree: true };
  let pass = 0;
  const tell = (options: ScanOptions): void => {
    options.onSkip(skip);
    options.onExclude(2);
    options.onLeftover?.('t' as RelPath);
    if (pass++ > 0) options.onExclude(1);
    if (pass > 1) options.onSkip({ ...skip, path: 'y' as RelPath });
  };
  const passes = [
    { entries, breaksAfter: 1, batch: 1, packed: false },
    { entries, batch: 1, packed: false },
  ];
  await scanned(scanOf(passes, tell), {
    onSkip: ({ path }) => told.push(`skip ${path}`),
    onExclude: (count) => told.push(`exclude ${count}`),
    onLeftover: (path) => told.push(`leftover ${path}`),
  });
  expect(told).toEqual(['skip x', 'exclude 2', 'leftover t', 'exclude 1', 'skip y']);
});

test('a slice of a block holds the rest of its entries', async () => {
  await fc.assert(
    fc.asyncProperty(trees, fc.nat(), async (entries, number) => {
      const first = number % entries.length;
      const block = packEntries(entries);
      const rest = async function* () {
        if (first > 0) yield packEntries(entries.slice(0, first));
        yield sliceBlock(block, first);
      };
      expect(await readAll(new EntryCursor(rest()))).toEqual(entries);
    }),
  );
});
