import type { RelPath } from '@holdfast/core/plugin';
import type { Group } from './batch-protocol.ts';
import type { SentOperation } from './entry-operation.ts';

/** Operations on entries of one directory, as a worker gets them. */
export interface SentColumns {
  readonly directory: RelPath;
  readonly count: number;
  /** At least one makes something. */
  readonly stores: boolean;
  /** Bytes that files hold. */
  readonly bytes: number;
  /** Set where they came packed, and results may go packed. */
  readonly ids: Float64Array | undefined;
  /** @param stage number of the temporary directory that may stand for the directory, or MAKE_NOW */
  finish(stage: number, firstTemp: number): Group;
  /** One of them by itself. */
  operation(index: number): SentOperation;
}
