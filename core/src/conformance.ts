/** What authors of plugins import to test their plugin. */
export type { ConformanceCheck, ContractPromise, Need } from './conformance/check.ts';
export type { CheckContext } from './conformance/check-context.ts';
export { sourceChecks } from './conformance/checks/source-checks.ts';
export { type ConformanceLimits, defaultLimits, gentleLimits } from './conformance/conformance-limits.ts';
export { type ConformanceSetup, describeConformance, type TestFramework } from './conformance/describe-conformance.ts';
export { describeSourceConformance, type SourceConformanceSetup } from './conformance/describe-source-conformance.ts';
export { destinationChecks } from './conformance/destination-checks.ts';
export { ConformanceFailure } from './conformance/expectations.ts';
export { patternBytes, patternContent } from './conformance/pattern.ts';
export { type CheckOutcome, type CheckRun, runCheck } from './conformance/run-check.ts';
export {
  type CheckResult,
  type ConformanceReport,
  type ConformanceRunOptions,
  type GroupResult,
  runConformance,
} from './conformance/run-conformance.ts';
export type { SourceCheck, SourceContext } from './conformance/source-check.ts';
export { bytesOf, contentOf, generatedContent, textOf } from './testing/byte-content.ts';
export { eventuallyConsistent } from './testing/eventually-consistent.ts';
export type { CountedCall, Fault, FaultEffect, FaultScript } from './testing/fault-script.ts';
export { FaultyDestination } from './testing/faulty-destination.ts';
export { ManualClock } from './testing/manual-clock.ts';
export { MemoryDestination } from './testing/memory-destination.ts';
export type { MemoryCapability, MemoryDestinationOptions } from './testing/memory-options.ts';
export { MemorySource, type MemorySourceOptions } from './testing/memory-source.ts';
export { MemoryStore } from './testing/memory-store.ts';
export { plantLocalTree } from './testing/plant-local-tree.ts';
export { SeededRandom } from './testing/seeded-random.ts';
export type { TreeDescription, TreeItem } from './testing/tree-description.ts';
