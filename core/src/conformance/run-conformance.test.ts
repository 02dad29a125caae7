import { expect, test } from 'vitest';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { parseRelPath, rootPath } from '../paths/rel-path.ts';
import { contentOf } from '../testing/byte-content.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import type { MemoryCapability, MemoryDestinationOptions } from '../testing/memory-options.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { destinationChecks } from './destination-checks.ts';
import { type ConformanceRunOptions, runConformance } from './run-conformance.ts';

const quick: ConformanceRunOptions = {
  limits: { manyKeys: 1100, manyEntries: 1050, rounds: 8, hugeBytes: 2 << 20, sequences: 4, concurrentWrites: 40 },
  seed: 7,
};

/** What failed, in words. */
async function failuresOf(options: MemoryDestinationOptions): Promise<string[]> {
  const store = new MemoryStore(options);
  const { results } = await runConformance(async () => new MemoryDestination(store), quick);
  expect([...store.tree.below(store.tree.root, false)]).toEqual([]);
  return results.flatMap((result) => (result.status === 'failed' ? [`${result.id}: ${String(result.error)}`] : []));
}

const bucketLacks: readonly MemoryCapability[] = [
  'directories',
  'metadata',
  'links',
  'special',
  'move',
  'patch',
  'lock',
  'cloneFrom',
  'batch',
];

const mixes: Readonly<Record<string, MemoryDestinationOptions>> = {
  'a good file system': {},
  'a bucket': { without: bucketLacks, mtimeResolutionNs: 0n, maxKeyBytes: 1024, maxSegmentBytes: 1024, plainTextNames: true },
  'a bucket that can do nothing else': { without: [...bucketLacks, 'copy', 'digests', 'createOnly', 'retention', 'usage'] },
  'a server without atomic replacement': { atomicReplace: false, without: ['metadata', 'links', 'special'] },
  'a share': {
    caseSensitive: false,
    forbiddenCharacters: ':*?"<>|\\',
    mtimeResolutionNs: 100n,
    plainTextNames: true,
    losesMetadata: ['uid', 'gid', 'xattrs'],
  },
  'a disk of a Mac': { caseSensitive: false, normalises: true, plainTextNames: true },
  'a memory card': {
    caseSensitive: false,
    mtimeResolutionNs: 2_000_000_000n,
    maxObjectBytes: 9n << 20n,
    losesMetadata: ['mode', 'uid', 'gid', 'flags', 'xattrs', 'atimeNs'],
  },
  'short names': { maxSegmentBytes: 40, maxKeyBytes: 200 },
  'flat and poor in all': {
    without: ['directories', 'batch', 'cloneFrom'],
    caseSensitive: false,
    normalises: true,
    atomicReplace: false,
    mtimeResolutionNs: 1_000_000_000n,
  },
};

test.each(Object.entries(mixes))('%s passes', async (_name, options) => expect(await failuresOf(options)).toEqual([]), 120_000);

test('random mixes of options pass', async () => {
  const random = new SeededRandom(11);
  const all: readonly MemoryCapability[] = [...bucketLacks, 'copy', 'digests', 'createOnly', 'retention', 'usage'];
  for (let mix = 0; mix < 6; mix++) {
    const options: MemoryDestinationOptions = {
      without: all.filter(() => random.below(3) === 0),
      atomicReplace: random.below(2) === 0,
      caseSensitive: random.below(2) === 0,
      normalises: random.below(3) === 0,
      plainTextNames: random.below(2) === 0,
      mtimeResolutionNs: random.pick([0n, 1n, 100n, 1_000_000_000n, 2_000_000_000n]),
      maxSegmentBytes: random.pick([60, 255]),
      forbiddenCharacters: random.pick(['', ':', '\\:']),
      losesMetadata: random.pick([[], ['uid', 'gid'], ['xattrs', 'mtimeNs']]),
    };
    expect(
      await failuresOf(options),
      JSON.stringify(options, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
    ).toEqual([]);
  }
}, 240_000);

test('the report counts by group, and what was there before stays', async () => {
  const store = new MemoryStore({ without: ['lock', 'batch'] });
  await new MemoryDestination(store).write(parseRelPath('precious/a'), contentOf('stays'), {});
  const told: string[] = [];
  const report = await runConformance(async () => new MemoryDestination(store), {
    ...quick,
    onResult: ({ id }) => told.push(id),
  });
  expect(report.passed).toBe(true);
  expect(told).toEqual(destinationChecks.map(({ id }) => id));
  expect(report.groups.find(({ group }) => group === 'lock')).toEqual({ group: 'lock', passed: 0, failed: 0, notSupported: 2 });
  expect(report.groups.find(({ group }) => group === 'read')).toEqual({ group: 'read', passed: 5, failed: 0, notSupported: 0 });
  const left = (await Array.fromAsync(new MemoryDestination(store).list(rootPath, {}))).flat().map(({ key }) => key);
  expect(left).toEqual(['precious', 'precious/a']);
}, 60_000);

test('a destination that fails is reported, and cleaned up all the same', async () => {
  const store = new MemoryStore();
  const faults = [{ call: 'read', effect: { kind: 'flip', atByte: 0 } }] as const;
  const open = async () => new FaultyDestination(new MemoryDestination(store), { faults });
  const report = await runConformance(open, { ...quick, only: ['read', 'remove.missing', 'move'] });
  expect(report.passed).toBe(false);
  expect(report.groups.map(({ group }) => group)).toEqual(['read', 'remove', 'move']);
  expect(report.results.find(({ id }) => id === 'read.ranges')?.status).toBe('failed');
  expect(report.results.find(({ id }) => id === 'remove.missing')?.status).toBe('passed');
  expect([...store.tree.below(store.tree.root, false)]).toEqual([]);
});

test('a failure of the random part names a seed that repeats it, and few steps', async () => {
  const faults = [{ call: 'links.hardLink', effect: { kind: 'error-after', code: 'timed-out' } }] as const;
  const messageOf = async (seed: number): Promise<string> => {
    const open = async () => new FaultyDestination(new MemoryDestination(), { faults });
    const { results } = await runConformance(open, { ...quick, seed, only: ['random'] });
    const [result] = results;
    return result?.status === 'failed' ? String((result.error as Error).message) : '';
  };
  const message = await messageOf(5);
  expect(message).toMatch(/^step 2, hard link "/);
  expect(message).toContain('with seed 5, shortened to:\n  ');
  expect(message.split('\n')).toHaveLength(4);
  expect(await messageOf(5)).toBe(message);
});

test('it ends when it is aborted, with nothing left', async () => {
  const store = new MemoryStore();
  const controller = new AbortController();
  const why = new Error('enough');
  const onResult = ({ id }: { readonly id: string }): void => {
    if (id === 'stat.version') controller.abort(why);
  };
  const run = runConformance(async () => new MemoryDestination(store), { ...quick, onResult, signal: controller.signal });
  await expect(run).rejects.toBe(why);
  expect([...store.tree.below(store.tree.root, false)]).toEqual([]);
});

test('what cannot be opened rejects', async () => {
  const run = runConformance(async () => Promise.reject(new TypeError('no such place')));
  const error: unknown = await run.catch((reason: unknown) => reason);
  expect(isHoldfastError(error)).toBe(false);
  expect(String(error)).toContain('no such place');
});
