import { defaultDeletionLimit, guardDeletions } from '../pipeline/guards/guard-deletions.ts';
import { guardEmptySource } from '../pipeline/guards/guard-empty-source.ts';
import { guardForeignEntries } from '../pipeline/guards/guard-foreign-entries.ts';
import { guardNames } from '../pipeline/guards/guard-names.ts';
import { guardSpace } from '../pipeline/guards/guard-space.ts';
import type { PlanGuard } from '../pipeline/guards/plan-guard.ts';
import type { CloneRequest } from './requests.ts';

interface GuardFacts {
  /** The destination has no records yet. */
  readonly isFirst: boolean;
  readonly reclaimable: () => Promise<bigint>;
}

/** The guards of a clone, each left out by its own override. */
export function cloneGuards({ overrides, maxDelete }: CloneRequest, { isFirst, reclaimable }: GuardFacts): PlanGuard[] {
  const adopts = overrides.has('adopt-destination');
  const limit = maxDelete ?? defaultDeletionLimit;
  return [
    ...(isFirst && !adopts ? [guardForeignEntries] : []),
    ...(overrides.has('allow-empty-source') ? [] : [guardEmptySource]),
    // Adopting a folder says yes to putting away what is in it; emptying a source on purpose says yes to deleting all of it.
    ...((isFirst && adopts) || overrides.has('allow-empty-source') ? [] : [guardDeletions(limit)]),
    guardNames,
    ...(overrides.has('allow-low-space') ? [] : [guardSpace(reclaimable)]),
  ];
}
