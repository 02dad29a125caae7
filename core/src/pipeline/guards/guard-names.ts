import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { PlanGuard } from './plan-guard.ts';

/** Refuses names that a destination which ignores case or changes the Unicode form would merge. */
export const guardNames: PlanGuard = ({ collisions, destination }) => {
  const [first] = collisions;
  if (first === undefined) return;
  const list = collisions.slice(0, 20).map(([a, b]) => `  "${a}" and "${b}"`);
  throw new HoldfastError(
    'name-collision',
    [`${destination.traits.displayName} cannot tell these names apart. Nothing was changed:`, ...list].join('\n'),
    { path: first[1] },
  );
};
