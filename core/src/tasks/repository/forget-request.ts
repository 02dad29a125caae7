import type { SnapshotFilter } from '../../layouts/repository/maintenance/forget/filter-snapshots.ts';
import type { GroupKey } from '../../layouts/repository/maintenance/forget/group-snapshots.ts';
import type { KeepPolicy } from '../../layouts/repository/maintenance/forget/keep-policy.ts';
import type { RepositoryAccess } from './repository-requests.ts';

/** Which versions to forget: these, or all that the policy does not keep of those that the filter selects. */
export interface ForgetRequest extends RepositoryAccess {
  /** Ids, beginnings of ids, `latest`, times. */
  readonly snapshots: readonly string[];
  readonly policy: KeepPolicy;
  readonly filter: SnapshotFilter;
  readonly groupBy: readonly GroupKey[];
  readonly dryRun: boolean;
}

/** What became of a version, or would. */
export interface ForgetLine {
  readonly id: string;
  /** When it was made, RFC 3339. */
  readonly taken: string;
  readonly hostname: string;
  readonly paths: readonly string[];
  readonly tags: readonly string[];
  readonly action: 'keep' | 'forget';
  /** Why it is kept. */
  readonly reasons: readonly string[];
}
