import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConformanceLimits,
  describeConformance,
  describeSourceConformance,
  plantLocalTree,
} from '@holdfast/core/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type LoopFilesystem, mountLoopFilesystem, whyNoLoopFilesystem } from '../../../test/fixtures/loop-filesystem.ts';
import { openDestination } from './open-destination.ts';
import { openSource } from './source.ts';
import { sharedPool } from './workers/worker-pool.ts';

/** statfs(2). */
const TMPFS_MAGIC = 0x01021994;
/** Time goes on whenever it is looked at. */
let nowMs = 0;
const environment = { pool: sharedPool(), nowMs: () => (nowMs += 10) };

/** Other file systems keep the same code honest with less. */
const less = { manyKeys: 1100, manyEntries: 1050, rounds: 12, hugeBytes: 8 << 20, sequences: 6 };

/** Tests of a destination in a directory that is there only while they run. */
function describeDirectory(name: string, make: () => Promise<string>, limits: Partial<ConformanceLimits> = less): void {
  let directory = '';
  beforeAll(async () => {
    directory = await make();
  });
  describeConformance({ name, open: async () => openDestination(directory, false, environment), limits, describe, it });
}

describe('in the directory for temporary files', () => {
  const made: string[] = [];
  afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true, force: true }))));
  const make = async (): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-local-disk-'));
    made.push(directory);
    return directory;
  };

  describeDirectory('a local disk', make, {});
  const open = async (tree: Parameters<typeof plantLocalTree>[1]) => {
    const directory = await make();
    await plantLocalTree(directory, tree);
    return openSource(directory);
  };
  describeSourceConformance({ name: 'a local disk', open, describe, it });
});

const sharedMemory = await statfs('/dev/shm').catch(() => undefined);
describe.skipIf(sharedMemory?.type !== TMPFS_MAGIC)('in memory', () => {
  let directory = '';
  afterAll(() => rm(directory, { recursive: true, force: true }));
  describeDirectory('tmpfs', async () => (directory = await mkdtemp('/dev/shm/holdfast-local-disk-')));
});

describe.skipIf(whyNoLoopFilesystem() !== undefined).each(['ext4', 'xfs', 'btrfs'] as const)('in an image', (kind) => {
  let disk: LoopFilesystem | undefined;
  afterAll(() => disk?.[Symbol.asyncDispose]());
  describeDirectory(kind, async () => (disk = await mountLoopFilesystem(kind, 1024)).directory);
});
