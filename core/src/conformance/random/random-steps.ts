import type { SeededRandom } from '../../testing/seeded-random.ts';
import { type ModelNode, ModelTree } from './model-tree.ts';
import type { Step } from './step.ts';

/** Names that get in each other's way: as file and as directory, and as beginnings of one another. */
const names = ['a', 'ab', 'a-b', 'a/b', 'a/b/c', 'd', 'd/a', 'd/ab', 'e/f'];
const sizes = [0, 1, 10, 4096, 70_000];

/** Steps of which most have something to work on: the names are often those that hold something after the steps before. */
export function randomSteps(random: SeededRandom, operations: readonly Step['op'][], count: number): Step[] {
  const model = new ModelTree(operations.includes('make directory'));
  return Array.from({ length: count }, () => {
    const step = randomStep(random, random.pick(operations), model.nodes);
    model.apply(step);
    return step;
  });
}

function randomStep(random: SeededRandom, op: Step['op'], held: ReadonlyMap<string, ModelNode>): Step {
  const any = random.pick(names);
  const pickOf = (wanted: readonly string[]): string => (wanted.length > 0 && random.below(5) > 0 ? random.pick(wanted) : any);
  const existing = pickOf([...held.keys()]);
  const file = pickOf([...held.keys()].filter((name) => held.get(name) !== 'directory'));
  const free = names.filter((name) => !held.has(name));
  switch (op) {
    case 'remove':
    case 'make directory':
      return { op, name: existing };
    case 'move':
      return { op, name: existing, to: random.pick(names) };
    case 'copy':
    case 'hard link':
      return { op, name: file, to: op === 'copy' || free.length === 0 ? random.pick(names) : random.pick(free) };
    case 'patch':
      return { op, name: file, seed: random.below(1000), size: random.pick(sizes), offset: random.below(80_000) };
    case 'write':
    case 'create':
    case 'failing write':
      return { op, name: any, seed: random.below(1000), size: random.pick(sizes) };
    default:
      return op satisfies never;
  }
}
