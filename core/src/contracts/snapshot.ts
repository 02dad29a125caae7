import type { CallOptions } from './call-options.ts';

/** A source as it was at one moment. Disposing it removes the snapshot. */
export interface FrozenView extends AsyncDisposable {
  /** Absolute path where the frozen tree is. */
  readonly root: string;
  readonly takenAt: Date;
  readonly consistency: 'application' | 'crash' | 'none';
}

/** Freezes a source's file system, where it can. */
export interface SnapshotProvider {
  readonly name: string;
  /** Whether `target` (an absolute path) can be frozen here. Never rejects for an ordinary "no". */
  probe(target: string, options: CallOptions): Promise<boolean>;
  acquire(target: string, options: CallOptions): Promise<FrozenView>;
}
