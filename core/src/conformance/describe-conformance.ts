import type { Destination } from '../contracts/destination.ts';
import { systemRandom } from '../environment/random.ts';
import { parseRelPath } from '../paths/rel-path.ts';
import { type ConformanceLimits, defaultLimits } from './conformance-limits.ts';
import { destinationChecks } from './destination-checks.ts';
import { runCheck } from './run-check.ts';

/** What a test framework has: vitest, jest and node:test do. */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: (context: SkippableTest) => Promise<void>, timeoutMs?: number) => unknown;
}

/** What a framework hands to a test. */
export interface SkippableTest {
  readonly skip?: (note?: string) => unknown;
}

export interface ConformanceSetup extends TestFramework {
  /** What is tested, for the report. */
  readonly name: string;
  /** Opens the storage. Called several times for the same storage; each opening is disposed. */
  readonly open: () => Promise<Destination>;
  readonly limits?: Partial<ConformanceLimits>;
  /** Of the random parts; a failure tells it. A fixed one where absent, so that a test run can be repeated. */
  readonly seed?: number;
}

/**
 * Makes a test of each check of the suite. What a destination does not support is skipped, with the reason.
 *
 * @example
 * import { describe, it } from 'vitest';
 * import { describeConformance } from '@holdfast/core/conformance';
 *
 * describeConformance({ name: 'acme bucket', open: () => openBucket(config), describe, it });
 */
export function describeConformance({ name, open, limits: given, seed = 20_261_123, describe, it }: ConformanceSetup): void {
  const limits = { ...defaultLimits, ...given };
  const scratch = `hf-test-${systemRandom.hex(4)}`;
  describe(`${name} keeps the promises of a destination`, () => {
    for (const [index, check] of destinationChecks.entries()) {
      const run = { open, root: parseRelPath(`${scratch}-${index}`), limits, seed };
      const body = async (test: SkippableTest): Promise<void> => {
        const outcome = await runCheck(check, run);
        if (outcome.status === 'failed') throw outcome.error;
        if (outcome.status === 'not supported') test.skip?.(`not supported: ${outcome.needs}`);
      };
      it(`${check.id}: ${check.title}`, body, limits.timeoutMs + 30_000);
    }
  });
}
