import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compareTrees } from '../../../../test/fixtures/compare-trees.ts';
import { inBash } from '../../../../test/fixtures/in-bash.ts';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { plantTreeOfEveryKind, unlockTree } from '../../../../test/fixtures/tree-of-every-kind.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { cloneByBatch } from './testing/clone-by-batch.ts';

const pool = new WorkerPool(2);
afterAll(() => pool[Symbol.asyncDispose]());

async function withTemporaryDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-batch-'));
  try {
    await use(directory);
  } finally {
    await unlockTree(directory);
    // Node cannot remove what lies deeper than PATH_MAX.
    await inBash(directory, 'find . -mindepth 1 -delete; cd ..; rmdir "$where"', { where: directory });
  }
}

describe('a tree with every kind of entry is cloned faithfully', { timeout: 120_000 }, () => {
  test.skipIf(process.getuid?.() !== 0).each(['ext4', 'xfs', 'btrfs'] as const)('on %s, also over itself', async (kind) => {
    await withLoopFilesystem(kind, 700, async (disk) => {
      await inBash(disk, 'mkdir source copy');
      await plantTreeOfEveryKind(join(disk, 'source'), kind);
      const [from, to] = [join(disk, 'source'), join(disk, 'copy')];
      for (const round of ['into nothing', 'over itself']) {
        const { failures, results } = await cloneByBatch(from, to, pool);
        expect(failures, round).toEqual(new Map());
        expect(
          [...results].filter(([, { notKept }]) => notKept !== undefined),
          round,
        ).toEqual([]);
        expect(await compareTrees(from, to, { sameKind: true }), round).toEqual([]);
      }
      await unlockTree(disk);
    });
  });

  test.skipIf(process.getuid?.() !== 0)('from XFS to another file system', async () => {
    await withLoopFilesystem('xfs', 400, async (disk) => {
      await plantTreeOfEveryKind(disk, 'xfs');
      await withTemporaryDirectory(async (directory) => {
        const { failures } = await cloneByBatch(disk, join(directory, 'copy'), pool);
        expect(failures).toEqual(new Map());
        expect(await compareTrees(disk, join(directory, 'copy'))).toEqual([]);
      });
      await unlockTree(disk);
    });
  });
});
