import { describe, it } from 'vitest';
import { MemorySource } from '../testing/memory-source.ts';
import { describeSourceConformance } from './describe-source-conformance.ts';

describeSourceConformance({ name: 'memory', open: async (tree) => new MemorySource(tree), describe, it });
