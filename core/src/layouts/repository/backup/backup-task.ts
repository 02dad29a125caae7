import type { Selection } from '../../../contracts/selection.ts';
import type { Source } from '../../../contracts/source.ts';
import type { VerifyMethod } from '../../../contracts/verifier.ts';
import type { Clock } from '../../../environment/clock.ts';
import type { RunLog } from '../../../pipeline/run-log.ts';
import type { Compression } from '../engine/engine-options.ts';
import type { LoadedSnapshot } from '../store/snapshots/load-snapshots.ts';
import type { Repository } from '../store/repository.ts';

/** One of the things that a backup takes, opened, and where it stands in the version. */
export interface BackupSource {
  readonly source: Source;
  readonly selection: Selection;
  /** Names that lead to it from the top of the version, lossless like RelPath; none for what makes up the top itself. */
  readonly place: readonly string[];
  /** `tree`: a directory with all that is in it. `entry`: only what has the last name of `place` in the source's root. */
  readonly kind: 'tree' | 'entry';
  /** st_dev to be recorded for what a scan gave: that of a frozen view is another one each time. */
  readonly deviceOf: (device: bigint) => bigint;
  /** Opens a directory above it, whose metadata stand in the version: `place` up to `depth` names. Absent where there is none on this machine. */
  readonly openAbove?: (depth: number) => Promise<Source>;
}

/** How a backup is made. */
interface BackupOptions {
  readonly compression: Compression;
  /** Bytes at which a pack is finished; the engine's default where absent. */
  readonly packBytes?: number;
  /** Packs that are on their way at once. */
  readonly concurrency?: number;
  /** Threads that read files. */
  readonly readConcurrency?: number;
  readonly owner: boolean;
  readonly xattrs: boolean;
  /** `digest` and `readback`: every pack is read back from the repository and compared with its id. */
  readonly verify: VerifyMethod;
  readonly dryRun: boolean;
  /** Save no snapshot where its tree is the parent's. */
  readonly skipIfUnchanged: boolean;
  /** Name of the time zone in which times are written. */
  readonly timeZone: string;
}

/** What stands in the snapshot besides its tree. */
interface SnapshotFacts {
  readonly time: Date;
  /** Absolute. */
  readonly paths: readonly string[];
  readonly hostname: string;
  readonly tags: readonly string[];
  /** Patterns by which entries were left out. */
  readonly excludes: readonly string[];
}

/** Sources on their way into one snapshot: everything that a backup needs, opened and ready; the index is loaded. */
export interface BackupTask {
  readonly repository: Repository;
  readonly sources: readonly BackupSource[];
  readonly parent: LoadedSnapshot | undefined;
  readonly facts: SnapshotFacts;
  readonly options: BackupOptions;
  readonly log: RunLog;
  readonly clock: Clock;
  readonly began: Date;
  readonly signal: AbortSignal;
}
