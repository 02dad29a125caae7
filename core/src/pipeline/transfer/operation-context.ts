import type { BatchOptions } from '../../contracts/batch.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { Source } from '../../contracts/source.ts';

/** What operations are carried out between, and how. */
export interface OperationContext {
  readonly source: Source;
  readonly destination: Destination;
  readonly batch: BatchOptions;
  /** The layout records links, devices and metadata itself, so that a destination without them loses nothing. */
  readonly recorded: boolean;
}
