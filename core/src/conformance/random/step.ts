import type { Destination } from '../../contracts/destination.ts';
import type { SeededRandom } from '../../testing/seeded-random.ts';

/** One random operation. Bytes follow from `seed`, so that a step is plain data. */
export type Step =
  | { readonly op: 'write' | 'create' | 'failing write'; readonly name: string; readonly seed: number; readonly size: number }
  | { readonly op: 'remove' | 'make directory'; readonly name: string }
  | { readonly op: 'move' | 'copy' | 'hard link'; readonly name: string; readonly to: string }
  | { readonly op: 'patch'; readonly name: string; readonly seed: number; readonly size: number; readonly offset: number };

/** Names that get in each other's way: as file and as directory, and as beginnings of one another. */
const names = ['a', 'b', 'ab', 'a-b', 'a/b', 'a/c', 'a/b/c', 'b/a', 'b/a/b'];
const sizes = [0, 1, 10, 4096, 70_000];

/** The operations that a destination can do. */
export function possibleOperations({ capabilities, traits }: Destination): Step['op'][] {
  return [
    'write',
    'write',
    'remove',
    'remove',
    ...(traits.atomicReplace ? (['failing write'] as const) : []),
    ...(capabilities.createOnly === undefined ? [] : (['create'] as const)),
    ...(capabilities.directories === undefined ? [] : (['make directory'] as const)),
    ...(capabilities.move === undefined ? [] : (['move', 'move'] as const)),
    ...(capabilities.copy === undefined ? [] : (['copy'] as const)),
    ...(capabilities.links === undefined ? [] : (['hard link'] as const)),
    ...(capabilities.patch === undefined ? [] : (['patch'] as const)),
  ];
}

export function randomStep(random: SeededRandom, operations: readonly Step['op'][]): Step {
  const op = random.pick(operations);
  const name = random.pick(names);
  switch (op) {
    case 'remove':
    case 'make directory':
      return { op, name };
    case 'move':
    case 'copy':
    case 'hard link':
      return { op, name, to: random.pick(names) };
    case 'patch':
      return { op, name, seed: random.below(1000), size: random.pick(sizes), offset: random.below(80_000) };
    case 'write':
    case 'create':
    case 'failing write':
      return { op, name, seed: random.below(1000), size: random.pick(sizes) };
    default:
      return op satisfies never;
  }
}

export function showStep(step: Step): string {
  const to = 'to' in step ? ` to "${step.to}"` : '';
  const bytes =
    'size' in step ? ` (${step.size} bytes of pattern ${step.seed}${'offset' in step ? ` at ${step.offset}` : ''})` : '';
  return `${step.op} "${step.name}"${to}${bytes}`;
}
