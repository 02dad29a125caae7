import type { Selection } from '../contracts/selection.ts';
import type { VerifyMethod } from '../contracts/verifier.ts';
import type { KeepRule } from '../layouts/mirror/state/archive/keep-rules.ts';
import type { OverwriteRule } from '../pipeline/plan/decide-entry.ts';
import type { Share } from '../values/parse-share.ts';
import type { RepositoryReach } from './repository/repository-requests.ts';

/** Each overrides one guard; named as the option that sets it. */
export type Override =
  | 'allow-empty-source'
  | 'adopt-source'
  | 'adopt-destination'
  | 'adopt-volume'
  | 'allow-nested'
  | 'allow-low-space'
  | 'allow-same-disk';

/** What every copying verb takes. */
export interface CopyOptions {
  readonly selection: Selection;
  readonly dryRun: boolean;
  readonly verify: VerifyMethod;
  /** Keep owner and group. */
  readonly owner: boolean;
  readonly xattrs: boolean;
  /** Operations at once; the destination chooses where absent. */
  readonly concurrency?: number;
  /** The same at the source. */
  readonly readConcurrency?: number;
  /** `2M`, or a timetable as `08:00-18:00=2MiB/s, else off`; absent: no limit. */
  readonly bandwidth?: string;
}

export interface CloneRequest extends CopyOptions {
  /** Locations as the user writes them. */
  readonly source: string;
  readonly destination: string;
  readonly safetyNet: boolean;
  /** Absent: the defaults. */
  readonly keepRules?: readonly KeepRule[];
  readonly deletes: boolean;
  readonly maxDelete?: Share;
  readonly overrides: ReadonlySet<Override>;
  /** Compare contents, not size and times. */
  readonly checksum: boolean;
  /** Trust the manifest for what is at the destination. */
  readonly quick: boolean;
  /** Freeze the source first. */
  readonly snapshot: 'auto' | 'off' | 'required';
}

export interface RestoreRequest extends CopyOptions {
  /** `LOCATION` or `LOCATION@SNAPSHOT`. */
  readonly from: string;
  /** The snapshot where it does not stand in `from`. */
  readonly at?: string;
  readonly target: string;
  readonly overwrite: OverwriteRule;
  /** Remove from the target what the version does not have. */
  readonly deletes: boolean;
  /** Drop the folders that all selected paths share. */
  readonly strips?: boolean;
  /** Absent: there is no password, and no repository can be opened. */
  readonly repository?: RepositoryReach;
}

export interface VerifyRequest {
  readonly location: string;
  /** Compare with this source instead of with what was recorded. */
  readonly against?: string;
  /** Percent of the files to read; absent: all. */
  readonly samplePercent?: number;
  /** Put damaged and missing files right from here: a source, or another clone. */
  readonly repairFrom?: string;
  readonly repository?: RepositoryReach;
}

export interface ListRequest {
  readonly location: string;
  readonly at?: string;
  /** Only this and what is below it. */
  readonly path?: string;
  readonly repository?: RepositoryReach;
}

export interface FindRequest {
  /** `LOCATION`, all versions, or `LOCATION@SNAPSHOT`. */
  readonly location: string;
  readonly at?: string;
  /** As gitignore(5) has them. */
  readonly pattern: string;
  readonly repository?: RepositoryReach;
}

/** An entry that `holdfast find` found. */
export interface FoundEntry extends ListedEntry {
  /** Of the version that has it. */
  readonly snapshot: string;
}

export interface DiffRequest {
  /** Each `LOCATION@SNAPSHOT`; the second may be `@SNAPSHOT` of the same location. */
  readonly from: string;
  readonly to: string;
  readonly repository?: RepositoryReach;
}

/** A difference between two versions, as `holdfast diff` shows it. */
export interface Difference {
  /** `metadata`: the content is the same. `type`: another kind of thing has the name. */
  readonly change: 'added' | 'removed' | 'changed' | 'metadata' | 'type';
  readonly path: string;
  readonly kind: string;
  /** Bytes of a file before and after. */
  readonly sizeBefore?: bigint;
  readonly sizeAfter?: bigint;
}

export interface CatRequest {
  readonly location: string;
  readonly at?: string;
  readonly path: string;
  readonly repository?: RepositoryReach;
}

/** A version of a location, as `holdfast snapshots` shows it. */
export interface SnapshotLine {
  readonly id: string;
  readonly time: string;
  readonly finished: string;
  readonly status: string;
  readonly entries: number;
  readonly stored: number;
  readonly retired: number;
  readonly bytesStored: bigint;
  /** Bytes and files of it that are in the safety net. */
  readonly archived: { readonly files: number; readonly bytes: bigint; readonly pruned: boolean };
}

/** An entry, as `holdfast ls` shows it. */
export interface ListedEntry {
  readonly path: string;
  readonly kind: string;
  readonly size: bigint;
  readonly mtimeNs?: bigint;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly target?: string;
  readonly digest?: string;
}
