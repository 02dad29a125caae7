import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { PlanGuard } from './plan-guard.ts';

const SHOWN = 20;

/** Refuses to put away what a first run finds at the destination and the source does not have. Overridden by --adopt-destination. */
export const guardForeignEntries: PlanGuard = ({ plan, totals, destination }) => {
  if (totals.retires === 0) return;
  const names = new Set<RelPath>();
  for (const record of plan.records()) {
    if (record.op === 'retire' && !record.movesAway) names.add(topmost(record.path));
    if (names.size > SHOWN) break;
  }
  const list = [...names].slice(0, SHOWN).map((name) => `  ${name}`);
  const more = names.size > SHOWN ? ['  …'] : [];
  throw new HoldfastError(
    'destination-not-empty',
    [
      `${destination.traits.displayName} holds ${totals.retires} entries that are not in the source. Nothing was changed. They are:`,
      ...list,
      ...more,
    ].join('\n'),
  );
};

/** The first segment, with a slash when the path goes on. */
function topmost(path: RelPath): RelPath {
  const slash = path.indexOf('/');
  return (slash < 0 ? path : path.slice(0, slash + 1)) as RelPath;
}
