import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { PlanGuard } from './plan-guard.ts';

/** How many entries (no directories) one run may delete: a number, or percent of those there before. */
export type DeletionLimit = { readonly count: number } | { readonly percent: number };

export const defaultDeletionLimit: DeletionLimit = { percent: 50 };

/** Refuses more deletions than `limit`; moves and replacements do not count. Overridden by a higher --max-delete. */
export function guardDeletions(limit: DeletionLimit): PlanGuard {
  return ({ counts, totals }) => {
    const allowed = 'count' in limit ? limit.count : Math.floor((counts.destinationFiles * limit.percent) / 100);
    if (totals.retiredFiles <= allowed) return;
    const of = `${totals.retiredFiles} of the ${counts.destinationFiles} files at the destination`;
    const rule = 'count' in limit ? `${limit.count}` : `${limit.percent}%`;
    throw new HoldfastError(
      'too-many-deletions',
      `The run would delete ${of}, more than --max-delete ${rule} allows. Nothing was changed.`,
      {
        hint: `Look at the plan with --dry-run. If it is right: --max-delete ${totals.retiredFiles}.`,
      },
    );
  };
}
