import type { BatchOperation } from '@holdfast/core/plugin';

/** Operations that a group can hold: everything about one entry that is no directory. */
export type EntryOperation = Extract<BatchOperation, { op: 'store' | 'metadata' | 'compare' | 'inspect' }>;
