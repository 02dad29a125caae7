import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelPath } from '@holdfast/core/plugin';
import { afterEach, expect, test, vi } from 'vitest';
import type * as lockModule from './syscalls/lock.ts';
import type * as openBeneathModule from './syscalls/open-beneath.ts';
import type * as ownershipModule from './syscalls/ownership.ts';
import type * as removeModule from './syscalls/remove.ts';
import type * as renameModule from './syscalls/rename.ts';
import type * as statModule from './syscalls/stat.ts';
import type * as timesModule from './syscalls/times.ts';
import type * as transferModule from './syscalls/transfer.ts';
import type * as xattrSetModule from './syscalls/xattr-set.ts';
import type * as xattrModule from './syscalls/xattr.ts';

/** The plugin with one thing wrong in a module of it, as it is in the main thread. */
interface Mutant {
  readonly wrong: string;
  readonly module: string;
  /** Exports in place of the sound ones. */
  readonly change: (sound: never) => object;
  /** Ids of checks, each of which has to find it. */
  readonly caughtBy: readonly string[];
}

const mutants: readonly Mutant[] = [
  {
    wrong: 'a rename swaps two names instead of replacing one',
    module: './syscalls/rename.ts',
    change: ({ renameat2 }: typeof renameModule) => {
      const RENAME_EXCHANGE = 2;
      return {
        renameat2: ((...given) =>
          renameat2(...(given.slice(0, 4) as [number, never, number, never]), RENAME_EXCHANGE) === 0
            ? 0
            : renameat2(...given)) satisfies typeof renameat2,
      };
    },
    caughtBy: ['move.replaces', 'write.replace', 'random.sequences'],
  },
  {
    wrong: 'stat follows symbolic links',
    module: './syscalls/stat.ts',
    change: (_: typeof statModule) => ({ STATX_NO_FOLLOW: 0 }),
    caughtBy: ['links.not-followed', 'links.targets'],
  },
  {
    wrong: 'times lose their nanoseconds',
    module: './syscalls/times.ts',
    change: ({ Times }: typeof timesModule) => ({
      Times: class extends Times {
        override set(atimeNs: bigint | undefined, mtimeNs: bigint | undefined): this {
          return super.set(atimeNs, mtimeNs === undefined ? undefined : mtimeNs - (mtimeNs % 1_000n));
        }
      },
    }),
    caughtBy: ['stat.mtime', 'metadata.times'],
  },
  {
    wrong: 'extended attributes are not written, without a word',
    module: './syscalls/xattr.ts',
    change: (_: typeof xattrModule) => ({ fsetxattr: () => 0 }),
    caughtBy: ['metadata.xattrs'],
  },
  {
    wrong: 'extended attributes that are gone stay',
    module: './syscalls/xattr-set.ts',
    change: (_: typeof xattrSetModule) => ({ removeXattr: () => undefined }),
    caughtBy: ['metadata.xattrs'],
  },
  {
    wrong: 'the lock is for everybody',
    module: './syscalls/lock.ts',
    change: (_: typeof lockModule) => ({ tryLockExclusive: () => true }),
    caughtBy: ['lock.exclusive', 'lock.one-winner'],
  },
  {
    wrong: 'a read is off by one where it begins late',
    module: './syscalls/transfer.ts',
    change: ({ preadFully }: typeof transferModule) => ({
      preadFully: ((fd, memory, length, offset, start) =>
        preadFully(fd, memory, length, offset > 0 ? offset - 1 : 0, start)) satisfies typeof preadFully,
    }),
    caughtBy: ['read.ranges', 'write.round-trip', 'read.huge'],
  },
  {
    wrong: 'directories are entered through symbolic links',
    module: './syscalls/open-beneath.ts',
    change: ({ openDirectoryBeneath, tryOpenDirectoryBeneath }: typeof openBeneathModule) => {
      // What `way` leads to in the check, as following it would.
      const follow = (path: Uint8Array): Uint8Array =>
        Buffer.from(
          Buffer.from(path)
            .toString('latin1')
            .replace(/(^|\/)way(?=\/|$)/, '$1real'),
          'latin1',
        );
      return {
        openDirectoryBeneath: ((root, path, options) =>
          openDirectoryBeneath(root, follow(path), options)) satisfies typeof openDirectoryBeneath,
        tryOpenDirectoryBeneath: ((root, path, options) =>
          tryOpenDirectoryBeneath(root, follow(path), options)) satisfies typeof tryOpenDirectoryBeneath,
      };
    },
    caughtBy: ['links.not-descended'],
  },
  {
    wrong: 'modes are not set, without a word',
    module: './syscalls/ownership.ts',
    change: (_: typeof ownershipModule) => ({ fchmod: () => 0 }),
    caughtBy: ['metadata.round-trip'],
  },
  {
    wrong: 'nothing is ever removed, without a word',
    module: './syscalls/remove.ts',
    change: (_: typeof removeModule) => ({ unlinkat: () => 0 }),
    caughtBy: ['remove.object'],
  },
];

const directories: string[] = [];
afterEach(async () => {
  for (const { module } of mutants) vi.doUnmock(module);
  vi.resetModules();
  await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
});

/** Runs one check against the plugin as it is loaded now. */
async function statusOf(id: string): Promise<string> {
  const suite = await import('@holdfast/core/conformance');
  const { openDestination } = await import('./open-destination.ts');
  const { WorkerPool } = await import('./workers/worker-pool.ts');
  await using pool = new WorkerPool();
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-mutant-'));
  directories.push(directory);
  let nowMs = 0;
  const open = async () => openDestination(directory, false, { pool, nowMs: () => (nowMs += 10) });
  const check = suite.destinationChecks.find((each) => each.id === id);
  if (check === undefined) throw new Error(`There is no check "${id}".`);
  const limits = { ...suite.defaultLimits, timeoutMs: 20_000, hugeBytes: 1 << 20, sequences: 6 };
  return (await suite.runCheck(check, { open, root: 'scratch' as RelPath, limits, seed: 1 })).status;
}

test.each(mutants.map((mutant) => [mutant.wrong, mutant] as const))(
  '%s: caught',
  async (_wrong, { module, change, caughtBy }) => {
    for (const id of caughtBy) expect(await statusOf(id), `${id} on the sound plugin`).toBe('passed');
    vi.resetModules();
    vi.doMock(module, async (importOriginal) => {
      const sound = await importOriginal<object>();
      return { ...sound, ...change(sound as never) };
    });
    for (const id of caughtBy) expect(await statusOf(id), `${id} on the broken plugin`).toBe('failed');
  },
  120_000,
);
