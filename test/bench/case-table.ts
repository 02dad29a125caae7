import type { BenchCase } from './bench-case.ts';
import { firstCopy } from './cases/first-copy.ts';
import { largeFile } from './cases/large-file.ts';
import { fewChanges, unchanged } from './cases/later-run.ts';
import { memory } from './cases/memory.ts';
import { realTree } from './cases/real-tree.ts';
import { firstBackup, unchangedBackup } from './cases/repository-backup.ts';
import { sharedBlocks } from './cases/shared-blocks.ts';
import { startUp } from './cases/start-up.ts';

/** Every case, in the order in which they run. */
export const caseTable: readonly BenchCase[] = [
  startUp,
  firstCopy,
  unchanged,
  fewChanges,
  largeFile,
  sharedBlocks,
  realTree,
  firstBackup,
  unchangedBackup,
  memory,
];
