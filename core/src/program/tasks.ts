import type { Scope } from '../container/scope.ts';
import type { SummaryEvent } from '../contracts/events.ts';
import type { BackupRequest } from '../tasks/repository/backup-request.ts';
import type { RepositoryAccess, RepositorySnapshotLine } from '../tasks/repository/repository-requests.ts';
import type {
  CatRequest,
  CloneRequest,
  Difference,
  DiffRequest,
  FindRequest,
  FoundEntry,
  ListedEntry,
  ListRequest,
  RestoreRequest,
  SnapshotLine,
  VerifyRequest,
} from '../tasks/requests.ts';

/** What a program can do. The code of each task is loaded when it is first called. */
export const tasks = {
  clone: async (program: Scope, request: CloneRequest): Promise<SummaryEvent> =>
    (await import('../tasks/clone.ts')).clone(program, request),
  backup: async (program: Scope, requests: readonly BackupRequest[]): Promise<SummaryEvent> =>
    (await import('../tasks/repository/backup-to-all.ts')).backupToAll(program, requests),
  restore: async (program: Scope, request: RestoreRequest): Promise<SummaryEvent> =>
    (await import('../tasks/restore.ts')).restore(program, request),
  verify: async (program: Scope, request: VerifyRequest): Promise<SummaryEvent> =>
    (await import('../tasks/verify.ts')).verify(program, request),
  listSnapshots: async function* (
    program: Scope,
    access: RepositoryAccess,
  ): AsyncGenerator<SnapshotLine | RepositorySnapshotLine> {
    const { listSnapshots } = await import('../tasks/list-snapshots.ts');
    yield* listSnapshots(program, access);
  },
  listEntries: async function* (program: Scope, request: ListRequest): AsyncGenerator<ListedEntry> {
    const { listEntries } = await import('../tasks/list-entries.ts');
    yield* listEntries(program, request);
  },
  findEntries: async function* (program: Scope, request: FindRequest): AsyncGenerator<FoundEntry> {
    yield* (await import('../tasks/find-entries.ts')).findEntries(program, request);
  },
  diffVersions: async function* (program: Scope, request: DiffRequest): AsyncGenerator<Difference> {
    yield* (await import('../tasks/diff-versions.ts')).diffVersions(program, request);
  },
  catEntry: async function* (program: Scope, request: CatRequest): AsyncGenerator<Uint8Array> {
    yield* (await import('../tasks/cat-entry.ts')).catEntry(program, request);
  },
} as const;
