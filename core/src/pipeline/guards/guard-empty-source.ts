import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { PlanGuard } from './plan-guard.ts';

/** Refuses an empty source when there was something before. Overridden by --allow-empty-source. */
export const guardEmptySource: PlanGuard = ({ counts, source, destination, totals }) => {
  if (counts.sourceEntries > 0 || totals.retires === 0) return;
  const { displayName } = source.traits;
  throw new HoldfastError(
    'source-empty',
    `${displayName} is empty, but ${destination.traits.displayName} holds ${totals.retires} entries of it. Nothing was changed.`,
  );
};
