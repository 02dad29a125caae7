import { HoldfastError } from '../../errors/holdfast-error.ts';
import { bytesOf, contentOf } from '../../testing/byte-content.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectBytes, expectEqual, expectRejection } from '../expectations.ts';
import { inParallel } from '../in-parallel.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const creates = {
  of: 'CreateOnlyCapability.create',
  says: 'Writes only where nothing is: of two at once exactly one gets `created` (conditional put, O_EXCL).',
};
const needs: readonly Need[] = ['createOnly'];
const RIVALS = 20;

async function createOnce(context: CheckContext): Promise<void> {
  const create = (name: string, text: string) => context.capability('createOnly').create(context.key(name), contentOf(text), {});
  expectEqual(await create('d/a', 'first'), 'created', 'the answer where nothing is');
  expectEqual(await create('d/a', 'second'), 'exists', 'the answer where something is');
  expectEqual((await context.get('d/a')).toString(), 'first', 'what was created first');
  await context.put('b', 'written');
  expectEqual(await create('b', 'late'), 'exists', 'the answer where something was written');
  expectEqual((await context.get('b')).toString(), 'written', 'what was written');
  await context.destination.remove(context.key('b'), {});
  expectEqual(await create('b', 'again'), 'created', 'the answer where something was removed');
  expectEqual(await context.names(), ['b', 'd/a'], 'what is listed');
}

async function oneWinner(context: CheckContext): Promise<void> {
  const other = await context.open();
  const capabilities = [context.capability('createOnly'), other.capabilities.createOnly ?? context.capability('createOnly')];
  for (let round = 0; round < Math.ceil(context.limits.rounds / 2); round++) {
    const rivals = Array.from({ length: RIVALS }, (_, index) => index);
    const answers = await inParallel(rivals, RIVALS, (seed) => {
      const content = patternContent(seed, 30_000 + seed, 5000);
      return (capabilities[seed % 2] ?? context.capability('createOnly')).create(context.key(`r${round}`), content, {});
    });
    const winners = rivals.filter((index) => answers[index] === 'created');
    expectEqual(winners.length, 1, `how many of ${RIVALS} at once were told that they created the object`);
    const winner = winners[0] ?? 0;
    expectBytes(
      await bytesOf(other.read(context.key(`r${round}`), {})),
      patternBytes(winner, 0n, 30_000 + winner),
      "the winner's object",
    );
  }
}

async function failMidway(context: CheckContext): Promise<void> {
  const broken = {
    ...patternContent(1, 100_000),
    async *open() {
      yield patternBytes(1, 0n, 50_000);
      throw new HoldfastError('read-failed', 'The source broke.');
    },
  };
  const attempt = context.capability('createOnly').create(context.key('a'), broken, {});
  await expectRejection(attempt, ['read-failed'], 'creating an object whose content breaks');
  expectEqual(await context.names(), [], 'what is listed after content broke');
  expectEqual(
    await context.capability('createOnly').create(context.key('a'), patternContent(1, 100_000), {}),
    'created',
    'the answer to a second attempt',
  );
}

export const createOnlyChecks: readonly ConformanceCheck[] = [
  { id: 'create-only.once', title: 'creates only where nothing is', promise: creates, needs, run: createOnce },
  { id: 'create-only.one-winner', title: 'has exactly one winner of twenty at once', promise: creates, needs, run: oneWinner },
  { id: 'create-only.content-fails', title: 'leaves nothing where content fails', promise: creates, needs, run: failMidway },
];
