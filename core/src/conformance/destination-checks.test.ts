import { describe, it } from 'vitest';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { describeConformance } from './describe-conformance.ts';

const memory = new MemoryDestination();
describeConformance({ name: 'memory', open: async () => new MemoryDestination(memory.store), describe, it });
