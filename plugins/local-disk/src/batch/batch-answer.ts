import type { BatchResult, StoredFiles } from '@holdfast/core/plugin';

/** What a run answers. */
export type BatchAnswer = BatchResult | StoredFiles;
