/** What authors of plugins import to test their plugin. */
export { bytesOf, contentOf, generatedContent, textOf } from './testing/byte-content.ts';
export { eventuallyConsistent } from './testing/eventually-consistent-destination.ts';
export type { CountedCall, Fault, FaultEffect, FaultScript } from './testing/fault-script.ts';
export { FaultyDestination } from './testing/faulty-destination.ts';
export { ManualClock } from './testing/manual-clock.ts';
export { MemoryDestination } from './testing/memory-destination.ts';
export type { MemoryCapability, MemoryDestinationOptions } from './testing/memory-options.ts';
export { MemorySource, type MemorySourceOptions } from './testing/memory-source.ts';
export { MemoryStore } from './testing/memory-store.ts';
export { SeededRandom } from './testing/seeded-random.ts';
export type { TreeDescription, TreeItem } from './testing/tree-description.ts';
