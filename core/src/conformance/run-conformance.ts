import type { Destination } from '../contracts/destination.ts';
import { type Random, systemRandom } from '../environment/random.ts';
import { parseRelPath } from '../paths/rel-path.ts';
import type { ConformanceCheck } from './check.ts';
import { clearScratch } from './clear-scratch.ts';
import { type ConformanceLimits, gentleLimits } from './conformance-limits.ts';
import { destinationChecks } from './destination-checks.ts';
import { type CheckOutcome, runCheck } from './run-check.ts';

export type CheckResult = CheckOutcome & Pick<ConformanceCheck, 'id' | 'title' | 'promise'>;

export interface ConformanceRunOptions {
  /** Told after each check. */
  readonly onResult?: (result: CheckResult) => void;
  /** Ends the run after the check that is under way; what was written is cleaned up all the same. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<ConformanceLimits>;
  /** Repeats the random parts of an earlier run. */
  readonly seed?: number;
  /** Only these: ids, or groups (what stands before the dot of an id). */
  readonly only?: readonly string[];
  readonly random?: Random;
}

/** Counts of the checks of one group, for example of one capability. */
export interface GroupResult {
  readonly group: string;
  readonly passed: number;
  readonly failed: number;
  readonly notSupported: number;
}

export interface ConformanceReport {
  readonly results: readonly CheckResult[];
  readonly groups: readonly GroupResult[];
  /** No check failed. */
  readonly passed: boolean;
  readonly seed: number;
  /** Where the checks wrote; empty again, unless the destination failed to clean it up. */
  readonly scratch: string;
}

/**
 * Checks a destination where it really is, in a directory of its own that is removed afterwards. `open` opens it anew each time;
 * nothing else of what it holds is touched.
 *
 * @throws HoldfastError where it cannot be opened, or the scratch directory cannot be removed at the end
 */
export async function runConformance(
  open: () => Promise<Destination>,
  options: ConformanceRunOptions = {},
): Promise<ConformanceReport> {
  const { onResult, signal, only, random = systemRandom } = options;
  const limits = { ...gentleLimits, ...options.limits };
  const seed = options.seed ?? Math.floor(random.fraction() * 2 ** 32);
  const scratch = parseRelPath(`hf-test-${random.hex(4)}`);
  const chosen = destinationChecks.filter(({ id }) => only === undefined || only.includes(id) || only.includes(groupOf(id)));
  await using destination = await open();
  const results: CheckResult[] = [];
  try {
    for (const [index, check] of chosen.entries()) {
      signal?.throwIfAborted();
      const { id, title, promise } = check;
      const result = {
        id,
        title,
        promise,
        ...(await runCheck(check, { open, root: parseRelPath(`${scratch}/${index}`), limits, seed })),
      };
      results.push(result);
      onResult?.(result);
    }
  } finally {
    await clearScratch(destination, scratch);
  }
  return { results, groups: countGroups(results), passed: results.every(({ status }) => status !== 'failed'), seed, scratch };
}

function groupOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

function countGroups(results: readonly CheckResult[]): GroupResult[] {
  const byGroup = Map.groupBy(results, ({ id }) => groupOf(id));
  return Array.from(byGroup, ([group, of]) => {
    const count = (status: CheckResult['status']): number => of.filter((result) => result.status === status).length;
    return { group, passed: count('passed'), failed: count('failed'), notSupported: count('not supported') };
  });
}
