import type { CallOptions } from './call-options.ts';
import type { RelPath } from './rel-path.ts';

/** A source as it was at one moment. Disposing it removes the snapshot. */
export interface FrozenView extends AsyncDisposable {
  /** Absolute path where the frozen tree is. */
  readonly root: string;
  readonly consistency: 'application' | 'crash' | 'none';
}

/** Freezes a source's file system, where it can. */
export interface SnapshotProvider {
  readonly name: string;
  /** Whether `target` (an absolute path) can be frozen here. Never rejects for an ordinary "no". */
  probe(target: string, options: CallOptions): Promise<boolean>;
  /** Directories below `target` that a view of it lacks and shows empty: other file systems and subvolumes. */
  gaps(target: string, options: CallOptions): Promise<readonly RelPath[]>;
  acquire(target: string, options: CallOptions): Promise<FrozenView>;
}
