import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { ScanSkip, Source } from '../../contracts/source.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanCounts } from '../plan/plan-builder.ts';
import type { PlanTotals } from '../plan/plan-totals.ts';
import type { NameCollisions } from '../plan/name-collisions.ts';

/** What a guard may look at. */
export interface PlanFacts {
  readonly plan: Plan;
  readonly counts: Readonly<PlanCounts>;
  readonly totals: PlanTotals;
  readonly skips: readonly ScanSkip[];
  readonly collisions: NameCollisions['found'];
  readonly source: Source;
  readonly destination: Destination;
  readonly options: CallOptions;
}

/** Looks at a finished plan before anything is written. Throws a HoldfastError that names the one option which overrides it. */
export type PlanGuard = (facts: PlanFacts) => void | Promise<void>;
