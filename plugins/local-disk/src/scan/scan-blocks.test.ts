import fc from 'fast-check';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { WorkerPool } from '../workers/worker-pool.ts';
import type { ScanLimits } from './scan-protocol.ts';
import { judgeTree } from './testing/judge-tree.ts';
import { linesOf, scanAll } from './testing/list-scan.ts';
import { ScratchFolder } from './testing/scratch-folder.ts';

const pool = new WorkerPool(3);

afterAll(() => pool[Symbol.asyncDispose]());

interface Tree {
  readonly files: readonly string[];
  readonly links: readonly string[];
  readonly directories: readonly (readonly [name: string, below: Tree])[];
}

/** Few letters, so that names share beginnings, and those that stand next to `/` and at the ends. */
const name = fc
  .string({ unit: fc.constantFrom('a', 'b', '-', '.', '0', '\x01', ' ', '\x80', '\xff', 'Ã'), minLength: 1, maxLength: 6 })
  .filter((text) => text !== '.' && text !== '..');
const names = fc.uniqueArray(name, { maxLength: 12 });

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc
    .record({
      files: names,
      links: names,
      directories: fc.oneof(
        { maxDepth: 5, depthIdentifier: 'tree' },
        fc.constant([]),
        fc.array(fc.tuple(name, tie('tree')), { maxLength: 6 }),
      ),
    })
    .map((found) => found as Tree),
}));

const limits: fc.Arbitrary<Partial<ScanLimits>> = fc.record({
  entriesPerBlock: fc.integer({ min: 1, max: 6 }),
  entriesPerTask: fc.integer({ min: 1, max: 30 }),
  openDirectories: fc.integer({ min: 1, max: 4 }),
  bytesAhead: fc.constantFrom(0, 1_000, 1_000_000),
});

/** Makes what can be made: a name that is taken already is passed over. */
function build(at: Buffer, { files, links, directories }: Tree): void {
  const path = (text: string): Buffer => Buffer.concat([at, Buffer.from('/'), Buffer.from(text, 'latin1')]);
  const attempt = (make: () => void): void => {
    try {
      make();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  };
  for (const [text, below] of directories) {
    attempt(() => {
      mkdirSync(path(text));
      build(path(text), below);
    });
  }
  for (const text of files) attempt(() => writeFileSync(path(text), text, { flag: 'wx' }));
  for (const text of links) attempt(() => symlinkSync(text, path(text)));
}

test('however a tree is cut into tasks and blocks, the scan is the same', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.array(limits, { minLength: 3, maxLength: 3 }), async (shape, variants) => {
      using folder = new ScratchFolder();
      build(folder.at(), shape);
      const judged = judgeTree(folder.path);
      for (const variant of [{}, ...variants]) {
        const report = await scanAll(folder.path, { pool, limits: variant });
        expect(linesOf(report)).toEqual(judged);
        expect(report.blocks.every(({ count }) => count > 0 && count <= (variant.entriesPerBlock ?? 1_000))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
