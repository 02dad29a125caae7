import type { BatchOperation, StoreContentOperation } from '@holdfast/core/plugin';

/** Operations that a group can hold: everything about one entry that is no directory. */
export type EntryOperation = Extract<BatchOperation, { op: 'store' | 'metadata' | 'compare' | 'inspect' }>;

/** As it is told of in a result. */
export type SentOperation = EntryOperation | Pick<StoreContentOperation, 'op' | 'id' | 'key' | 'displaceTo'>;
