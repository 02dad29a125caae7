import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { type ConformanceCheck, missingNeed } from './check.ts';
import { CheckContext } from './check-context.ts';
import { clearScratch } from './clear-scratch.ts';
import type { ConformanceLimits } from './conformance-limits.ts';
import { ConformanceFailure, expectWithin } from './expectations.ts';

export interface CheckRun {
  /** Opens the storage; called once for the check and again where it needs a second opening. */
  readonly open: () => Promise<Destination>;
  /** Where the check may write. Removed afterwards. */
  readonly root: RelPath;
  readonly limits: ConformanceLimits;
  readonly seed: number;
}

export type CheckOutcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'not supported'; readonly needs: string };

/** Runs one check in a place of its own and cleans up after it. Never rejects for what the destination does. */
export async function runCheck(check: ConformanceCheck, run: CheckRun): Promise<CheckOutcome> {
  try {
    await using destination = await run.open();
    const needs = missingNeed(check, destination);
    if (needs !== undefined) return { status: 'not supported', needs };
    return await attempt(check, destination, run);
  } catch (error) {
    return { status: 'failed', error };
  }
}

async function attempt(check: ConformanceCheck, destination: Destination, run: CheckRun): Promise<CheckOutcome> {
  let outcome: CheckOutcome = { status: 'passed' };
  try {
    await using context = new CheckContext({ ...run, destination });
    await expectWithin(run.limits.timeoutMs, check.run(context), check.id);
  } catch (error) {
    outcome = { status: 'failed', error };
  }
  try {
    await clearScratch(destination, run.root);
  } catch (error) {
    if (outcome.status === 'passed') return { status: 'failed', error: leftover(error) };
  }
  return outcome;
}

/** Temporary objects that a listing does not show, for example. */
function leftover(cause: unknown): ConformanceFailure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ConformanceFailure(`the check passed, but something stays behind that cannot be removed: ${why}`, { cause });
}
