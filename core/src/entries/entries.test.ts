import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryBlock } from '../contracts/entry-block.ts';
import type { Entry, EntryBase } from '../contracts/entry.ts';
import { comparePaths, decodeText, joinPath, rootPath } from '../paths/rel-path.ts';
import { packEntries, toEntryBlock } from './entry-block-builder.ts';
import { EntryCursor } from './entry-cursor.ts';
import { STAT_BYTES } from './stat-record.ts';

const u32 = fc.nat({ max: 0xffffffff });
const u64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0n, 2n ** 53n + 1n, 2n ** 64n - 1n));
/** What i64 seconds can hold; the nanoseconds of times before 1970 are the ones to get wrong. */
const timeNs = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n) * 1_000_000_000n, max: (2n ** 63n - 1n) * 1_000_000_000n + 999_999_999n }),
  fc.constantFrom(0n, -1n, -1_000_000_000n, -1_000_000_001n, 1_700_000_000_123_456_789n, -999_999_999n),
);
const metadata = fc.oneof(
  fc.constant({}),
  fc.record({ mode: fc.nat({ max: 0o7777 }), mtimeNs: timeNs }),
  fc.record({ mode: fc.nat({ max: 0o7777 }), uid: u32, gid: u32, mtimeNs: timeNs }),
);
const identity = fc.record({ dev: u64, ino: u64, nlink: u32, ctimeNs: timeNs });
const anyText = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((bytes) => decodeText(bytes.map((byte) => (byte === 0 ? 1 : byte))));
const name = fc
  .oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), minLength: 1, maxLength: 3 }),
    fc.uint8Array({ minLength: 1, maxLength: 255 }).map((bytes) => decodeText(bytes)),
  )
  .map((text) => text.replace(/[\0/]/g, '_'))
  .filter((text) => text !== '.' && text !== '..');

type Shape = (base: EntryBase) => Entry;
const leaf: fc.Arbitrary<Shape> = fc.oneof(
  u64.map(
    (size): Shape =>
      (base) => ({ ...base, kind: 'file', size }),
  ),
  anyText.map(
    (target): Shape =>
      (base) => ({ ...base, kind: 'symlink', target }),
  ),
  fc.constantFrom('fifo', 'socket').map(
    (kind): Shape =>
      (base) => ({ ...base, kind: kind }),
  ),
  fc.tuple(fc.constantFrom('char-device', 'block-device'), u64).map(
    ([kind, device]): Shape =>
      (base) => ({ ...base, kind: kind, device }),
  ),
  fc.tuple(u64, u32).map(
    ([size, sectorSize]): Shape =>
      (base) => ({ ...base, kind: 'image', size, sectorSize }),
  ),
);
const directory: Shape = ({ path, metadata: kept, identity: id }) => ({
  path,
  metadata: kept,
  kind: 'directory',
  ...(id === undefined ? {} : { identity: { ...id, nlink: 0 } }),
});

interface Node {
  readonly name: string;
  readonly base: Omit<EntryBase, 'path'>;
  readonly shape: Shape;
  readonly children: readonly Node[];
}
const base = fc.record({ metadata, identity }, { requiredKeys: ['metadata'] });
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ name, base, shape: leaf, children: fc.constant([]) }),
    fc.record({ name, base, shape: fc.constant(directory), children: fc.array(tie('node'), { maxLength: 5 }) }),
  ),
}));

/** The entries of a tree in tree order. */
function flatten(path: Entry['path'], { base: known, shape, children }: Node): Entry[] {
  const byName = new Map(children.map((child) => [child.name, child]));
  const below = [...byName.values()]
    .map((child) => ({ child, path: joinPath(path, child.name) }))
    .sort((a, b) => comparePaths(a.path, b.path));
  return [shape({ ...known, path }), ...below.flatMap((each) => flatten(each.path, each.child))];
}
const tree = fc
  .record({ base, children: fc.array(node, { maxLength: 8 }) })
  .map((root) => flatten(rootPath, { ...root, name: '', shape: directory }));

async function* split(entries: readonly Entry[], cuts: readonly number[]): AsyncGenerator<EntryBlock> {
  const edges = [...new Set([...cuts.map((cut) => cut % entries.length), entries.length])].sort((a, b) => a - b);
  let start = 0;
  for (const edge of edges) {
    if (edge > start) yield toEntryBlock(entries.slice(start, edge));
    start = edge;
  }
}

async function readAll(blocks: AsyncIterable<EntryBlock>): Promise<Entry[]> {
  const cursor = new EntryCursor(blocks);
  const entries: Entry[] = [];
  for (await cursor.start(); !cursor.done; ) {
    entries.push(cursor.entry());
    if (!cursor.advance()) await cursor.refill();
  }
  return entries;
}

describe('packed entries', () => {
  it('come back as they were, wherever the blocks end', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(fc.nat(), { maxLength: 6 }), async (entries, cuts) => {
        expect(await readAll(split(entries, cuts))).toEqual(entries);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same bytes wherever the blocks end', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(fc.nat(), { maxLength: 6 }), async (entries, cuts) => {
        const blocks = await Array.fromAsync(split(entries, cuts));
        const whole = packEntries(entries);
        for (const column of ['names', 'stats', 'targets'] as const) {
          expect(Buffer.concat(blocks.map((block) => block[column]))).toEqual(Buffer.from(whole[column]));
        }
        expect(whole.stats.length).toBe(whole.count * STAT_BYTES);
      }),
      { numRuns: 100 },
    );
  });

  it('have paths also where only some are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(fc.nat(), { maxLength: 6 }), fc.nat({ max: 4 }), async (entries, cuts, every) => {
        const cursor = new EntryCursor(split(entries, cuts));
        let index = 0;
        for (await cursor.start(); !cursor.done; index++) {
          if (index % (every + 1) === every) expect(cursor.path).toBe(entries[index]?.path);
          if (!cursor.advance()) await cursor.refill();
        }
        expect(index).toBe(entries.length);
      }),
      { numRuns: 100 },
    );
  });

  it('pass through as they are when a source packed them', () => {
    const block = packEntries([{ path: rootPath, kind: 'directory', metadata: {} }]);
    expect(toEntryBlock(block)).toBe(block);
  });

  it('do not read a record of an unknown kind', async () => {
    const block = packEntries([{ path: rootPath, kind: 'directory', metadata: {} }]);
    block.stats[0] = 99;
    await expect(readAll(split([], []))).resolves.toEqual([]);
    await expect(
      readAll(
        (async function* () {
          yield block;
        })(),
      ),
    ).rejects.toMatchObject({ code: 'state-damaged' });
  });
});
