import type { RelPath } from '../../contracts/rel-path.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { clearScratch } from '../clear-scratch.ts';
import { fail } from '../expectations.ts';
import { playSteps } from '../random/play-steps.ts';
import { shorten } from '../random/shorten.ts';
import { randomSteps } from '../random/random-steps.ts';
import { possibleOperations, showStep, type Step } from '../random/step.ts';

const whole = { of: 'Destination.write', says: 'Resolves once the whole object is visible to read and list, never a part.' };

/** Random sequences against a model. A failure tells the seed, and the shortest sequence that was found to fail. */
async function playAtRandom(context: CheckContext): Promise<void> {
  const { sequences, sequenceLength } = context.limits;
  const operations = possibleOperations(context.destination);
  let played = 0;
  const failureOf = async (steps: readonly Step[]): Promise<unknown> => {
    const root = context.key(`s${played++}`);
    const failure: unknown = await playSteps(context, root, steps).then(
      () => undefined,
      (error: unknown) => error ?? new Error('rejected with nothing'),
    );
    await clearQuietly(context, root);
    return failure;
  };
  for (let sequence = 0; sequence < sequences; sequence++) {
    const random = new SeededRandom(context.random.below(2 ** 32));
    const steps = randomSteps(random, operations, sequenceLength);
    const failure = await failureOf(steps);
    if (failure === undefined) continue;
    const shortest = await shorten(steps, async (fewer) => (await failureOf(fewer)) !== undefined);
    const last = (await failureOf(shortest)) ?? failure;
    fail(
      `${String((last as Error).message)}\nwith seed ${context.seed}, shortened to:\n${shortest.map((step) => `  ${showStep(step)}`).join('\n')}`,
    );
  }
}

/** A destination that is found to be broken may not be able to clean up; the failure says more. */
async function clearQuietly(context: CheckContext, root: RelPath): Promise<void> {
  await clearScratch(context.destination, root).catch(() => undefined);
}

export const randomChecks: readonly ConformanceCheck[] = [
  { id: 'random.sequences', title: 'does as a simple model does, whatever comes', promise: whole, run: playAtRandom },
];
