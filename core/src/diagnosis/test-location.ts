import type { ConformanceReport, ConformanceRunOptions } from '../conformance/run-conformance.ts';
import { runConformance } from '../conformance/run-conformance.ts';
import type { Scope } from '../container/scope.ts';
import { openDestination } from '../plugins/open-location.ts';
import { pluginContext, readLocation } from '../tasks/open-ends.ts';
import { tokens } from '../tasks/tokens.ts';

/** Which checks, and what random parts they have. */
export type TestOptions = Pick<ConformanceRunOptions, 'only' | 'seed' | 'onResult'>;

export interface LocationReport extends ConformanceReport {
  /** What the location calls itself. */
  readonly displayName: string;
  /** Names of its capabilities. */
  readonly capabilities: readonly string[];
}

/**
 * Runs the checks of the conformance suite at a location, in a folder that is removed again. Rejects with what opening it rejects
 * with.
 */
export async function testLocation(program: Scope, written: string, options: TestOptions): Promise<LocationReport> {
  await using scope = program.child('plugin test');
  const location = readLocation(scope, written);
  const signal = scope.resolve(tokens.signal);
  const open = () => openDestination(scope.resolve(tokens.registry), location, pluginContext(scope), { signal });
  await using first = await open();
  const capabilities = Object.entries(first.capabilities).flatMap(([name, capability]) =>
    capability === undefined ? [] : [name],
  );
  const report = await runConformance(open, { ...options, signal, random: scope.resolve(tokens.random) });
  return { ...report, displayName: first.traits.displayName, capabilities: capabilities.sort() };
}
