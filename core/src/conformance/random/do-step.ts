import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { fail } from '../expectations.ts';
import { patternBytes, patternContent } from '../pattern.ts';
import type { Step } from './step.ts';

/** Does a step at a destination that has the capability for it. Fails where it rejects with anything but a HoldfastError. */
export async function doStep(
  destination: Destination,
  step: Step,
  keyOf: (name: string) => RelPath,
): Promise<'done' | 'refused'> {
  try {
    await attempt(destination, step, keyOf);
    return 'done';
  } catch (error) {
    if (isHoldfastError(error)) return 'refused';
    return fail(`expected a HoldfastError, found ${String(error)}`);
  }
}

async function attempt(destination: Destination, step: Step, keyOf: (name: string) => RelPath): Promise<void> {
  const { capabilities } = destination;
  const key = keyOf(step.name);
  switch (step.op) {
    case 'write':
      return void (await destination.write(key, patternContent(step.seed, step.size), {}));
    case 'failing write':
      return void (await destination.write(key, failingContent(step.seed, step.size), {}));
    case 'create':
      return void (await capabilities.createOnly?.create(key, patternContent(step.seed, step.size), {}));
    case 'remove':
      return destination.remove(key, {});
    case 'make directory':
      return capabilities.directories?.create(key, {});
    case 'move':
      return capabilities.move?.(key, keyOf(step.to), {});
    case 'copy':
      return capabilities.copy?.(key, keyOf(step.to), {});
    case 'hard link':
      return capabilities.links?.hardLink(key, keyOf(step.to), {});
    case 'patch':
      return patch(destination, key, step);
    default:
      return step satisfies never;
  }
}

async function patch({ capabilities }: Destination, key: RelPath, { seed, size, offset }: Step & { op: 'patch' }): Promise<void> {
  const opened = await capabilities.patch?.begin(key, key, {});
  if (size > 0) await opened?.writeAt(BigInt(offset), patternBytes(seed, BigInt(offset), size));
  await opened?.commit();
}

function failingContent(seed: number, size: number) {
  return {
    size: BigInt(size + 1),
    async *open() {
      yield patternBytes(seed, 0n, size);
      throw new HoldfastError('read-failed', 'The source broke.');
    },
  };
}
