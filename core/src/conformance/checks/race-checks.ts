import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { bytesOf } from '../../testing/byte-content.ts';
import { digestBytes, digestOf, formatDigest } from '../../verification/digest.ts';
import { expectEqual, expectTrue, fail } from '../expectations.ts';
import { inParallel } from '../in-parallel.ts';
import { patternBytes, patternContent } from '../pattern.ts';
import { watchReplacements } from '../watch-replacements.ts';

const inOneStep = {
  of: 'DestinationTraits.atomicReplace',
  says: 'A write replaces an object in one step; where false the core stages under another name and moves.',
};
const whole = { of: 'Destination.write', says: 'Resolves once the whole object is visible to read and list, never a part.' };

async function readDuringReplace(context: CheckContext): Promise<void> {
  const { destination } = context;
  await watchReplacements(context, 'a', (version) => destination.write(context.key('a'), version.content(), {}));
}

async function writeManyAtOnce(context: CheckContext): Promise<void> {
  const count = context.limits.concurrentWrites;
  const jobs = Array.from({ length: count }, (_, index) => ({
    index,
    size: context.random.below(200_000),
    name: `d${index % 7}/f${index}`,
  }));
  await inParallel(jobs, count, ({ name, index, size }) =>
    context.destination.write(context.key(name), patternContent(index, size, 7000), {}),
  );
  await inParallel(jobs, 16, async ({ name, index, size }) => {
    const expected = digestBytes('sha256', patternBytes(index, 0n, size));
    const found = await digestOf(context.destination.read(context.key(name), {}), 'sha256');
    expectEqual(formatDigest(found), formatDigest(expected), `${name}, one of ${count} objects written at once, read back`);
  });
  expectEqual((await context.names()).length, count, 'listed objects');
}

async function writeOneKeyAtOnce(context: CheckContext): Promise<void> {
  const size = (seed: number): number => 20_000 + seed * 1000;
  for (let round = 0; round < Math.ceil(context.limits.rounds / 4); round++) {
    const seeds = Array.from({ length: 8 }, (_, index) => round * 8 + index);
    await inParallel(seeds, 8, (seed) => context.destination.write(context.key('a'), patternContent(seed, size(seed), 3000), {}));
    const found = await bytesOf(context.destination.read(context.key('a'), {}));
    const winner = seeds.find((seed) => Buffer.compare(found, patternBytes(seed, 0n, size(seed))) === 0);
    if (winner === undefined) fail(`after 8 writes at once the object holds ${found.length} bytes that no one of them wrote`);
  }
  expectEqual(await context.names(), ['a'], 'what is listed');
}

/** What one opening has written, another one sees, and after a flush it is no less. */
async function seeEachOther(context: CheckContext): Promise<void> {
  const other = await context.open();
  await context.put('a', 'from the first');
  expectEqual((await bytesOf(other.read(context.key('a'), {}))).toString(), 'from the first', 'what another opening reads');
  await other.remove(context.key('a'), {});
  expectTrue((await context.stat('a')) === undefined, 'an object that another opening removed is still there');
  await context.put('b', 'flushed');
  await context.destination.flush({});
  expectEqual(
    (await bytesOf(other.read(context.key('b'), {}))).toString(),
    'flushed',
    'what another opening reads after a flush',
  );
}

export const raceChecks: readonly ConformanceCheck[] = [
  {
    id: 'write.readers',
    title: 'shows readers the old or the new object, never a mix',
    promise: inOneStep,
    needs: ['atomic replacement'],
    run: readDuringReplace,
  },
  { id: 'write.many-at-once', title: 'keeps many objects written at once apart', promise: whole, run: writeManyAtOnce },
  {
    id: 'write.one-key-at-once',
    title: 'leaves one whole object where several write the same key',
    promise: whole,
    needs: ['atomic replacement'],
    run: writeOneKeyAtOnce,
  },
  { id: 'write.other-opening', title: 'shows what it wrote to everybody', promise: whole, run: seeEachOther },
];
