import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Destination, ObjectInfo } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { comparePaths, rootPath } from '../../paths/rel-path.ts';
import { everyCallDestination } from '../../testing/every-call.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { settle } from '../../testing/settle.ts';
import { KeySet } from './key-set.ts';
import { resumingList } from './resuming-list.ts';
import { defaultRetry, Retrier } from './retrier.ts';
import { SeenKeys } from './seen-keys.ts';

/** One listing: its keys in their order, and after how many of them it breaks. */
interface Pass {
  readonly keys: readonly string[];
  readonly breaksAfter?: number;
}

/** A destination whose listings are `passes`, one after another, in pages of three. */
function listing(passes: readonly Pass[]): Destination {
  let next = 0;
  return everyCallDestination(async function* () {
    const { keys, breaksAfter } = passes[Math.min(next++, passes.length - 1)] as Pass;
    const given = keys.slice(0, breaksAfter);
    for (let at = 0; at < given.length; at += 3) yield given.slice(at, at + 3).map(infoOf);
    if (breaksAfter !== undefined) throw new HoldfastError('connection-lost', 'broken');
  });
}

const infoOf = (key: string): ObjectInfo => ({ key: key as RelPath, kind: 'file', size: 1n });

function listed(destination: Destination, seen = new SeenKeys()): Promise<string[]> {
  const clock = new ManualClock();
  const retrier = new Retrier(defaultRetry(), clock, { fraction: () => 0, hex: () => '', uuid: () => '' });
  const list = async (): Promise<string[]> => {
    const pages = await Array.fromAsync(resumingList(destination, rootPath, {}, retrier, seen));
    return pages.flat().map(({ key }) => key);
  };
  return settle(clock, list());
}

const segment = fc.constantFrom('a', 'b', 'a-b', 'A', 'ä', '\udc80', '😀', 'zz');
const keySets = fc.uniqueArray(
  fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/')),
  { maxLength: 60 },
);
const inOrder = {
  whole: (keys: readonly string[]) => keys.toSorted(),
  tree: (keys: readonly string[]) => keys.toSorted((a, b) => comparePaths(a as RelPath, b as RelPath)),
  none: (keys: readonly string[], seed: number) => {
    const random = new SeededRandom(seed);
    return keys
      .map((key) => ({ key, place: random.fraction() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ key }) => key);
  },
};

test('in whatever order and wherever it breaks, a listing gives every key once', async () => {
  const order = fc.constantFrom(...Object.values(inOrder));
  const places = fc.array(fc.nat(60), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      keySets,
      order,
      places,
      fc.nat(),
      fc.integer({ min: 1, max: 100 }),
      async (keys, sort, breakPlaces, seed, window) => {
        const broken = breakPlaces.map((breaksAfter) => ({ keys: sort(keys, seed), breaksAfter }));
        const seen = new SeenKeys(window);
        const result = await listed(listing([...broken, { keys: sort(keys, seed) }]), seen).catch((error: unknown) => error);
        if (result instanceof Error) expect([seen.forgotten, result]).toMatchObject([true, { code: 'connection-lost' }]);
        else expect((result as string[]).toSorted()).toEqual(keys.toSorted());
      },
    ),
    { numRuns: 400 },
  );
});

test('another order in the second pass loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(keySets, fc.nat(), fc.nat(), fc.nat(60), async (keys, first, second, breaksAfter) => {
      const passes = [{ keys: inOrder.none(keys, first), breaksAfter }, { keys: inOrder.none(keys, second) }];
      expect((await listed(listing(passes))).toSorted()).toEqual(keys.toSorted());
    }),
  );
});

test('keys that come and go between two passes are neither given twice nor awaited', async () => {
  const passes = [{ keys: ['b', 'd', 'f'], breaksAfter: 2 }, { keys: ['a', 'd', 'e', 'f'] }];
  expect(await listed(listing(passes), new SeenKeys(1))).toEqual(['b', 'd', 'e', 'f']);
});

test('a long listing that seemed ordered and then is not cannot be taken up again, and is not tried to', async () => {
  let lists = 0;
  const inner = listing([{ keys: ['a', 'b', 'c', 'd', 'b2'], breaksAfter: 5 }, { keys: [] }]);
  const counted: Destination = {
    ...inner,
    list: (prefix, options) => {
      lists++;
      return inner.list(prefix, options);
    },
  };
  await expect(listed(counted, new SeenKeys(3))).rejects.toMatchObject({ code: 'connection-lost' });
  expect(lists).toBe(1);
});

test('a second pass in another order is noticed where only the last key is known', async () => {
  const passes = [{ keys: ['a', 'b', 'd'], breaksAfter: 3 }, { keys: ['d', 'c', 'e'] }];
  await expect(listed(listing(passes), new SeenKeys(2))).rejects.toMatchObject({ code: 'connection-lost' });
});

test('a listing that does not break passes as it is, page by page', async () => {
  const pages = [[infoOf('b'), infoOf('a')], [infoOf('c')]];
  const destination = everyCallDestination(async function* () {
    yield* pages;
  });
  const retrier = new Retrier(defaultRetry(), new ManualClock(), { fraction: () => 0, hex: () => '', uuid: () => '' });
  const given = await Array.fromAsync(resumingList(destination, rootPath, {}, retrier));
  expect(given[0]).toBe(pages[0]);
  expect(given).toEqual(pages);
});

test('the set of keys behaves as a Set', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 4000 }), (steps) => {
      const set = new KeySet();
      const model = new Set<string>();
      for (const [add, number] of steps) {
        const key = `folder/${number}` as RelPath;
        expect(set.has(key)).toBe(model.has(key));
        if (!add) continue;
        set.add(key);
        model.add(key);
        expect(set.size).toBe(model.size);
      }
    }),
    { numRuns: 20 },
  );
  const set = new KeySet();
  for (let number = 0; number < 20_000; number++) set.add(`k${number}` as RelPath);
  expect(set.size).toBe(20_000);
  expect(set.has('k19999' as RelPath) && !set.has('k20000' as RelPath)).toBe(true);
});

test('names that differ only in bytes that are no UTF-8 are different keys', () => {
  const set = new KeySet();
  set.add('\udc80' as RelPath);
  expect(set.has('\udc81' as RelPath)).toBe(false);
});
