import type { Scope } from '../container/scope.ts';
import type { ForgetLine, ForgetRequest } from '../tasks/repository/forget-request.ts';
import type {
  InitRequest,
  KeyLine,
  LockLine,
  RecoveryKit,
  RepositoryAccess,
  RepositoryFacts,
  RepositoryStats,
  TaggedSnapshot,
  TagRequest,
} from '../tasks/repository/repository-requests.ts';

/** What a program does to repositories as such. The code of each task is loaded when it is first called. */
export const repositoryTasks = {
  init: async (program: Scope, request: InitRequest): Promise<RepositoryFacts> =>
    (await import('../tasks/repository/init-repository.ts')).makeRepository(program, request),
  readKit: async (program: Scope, access: RepositoryAccess): Promise<RecoveryKit> =>
    (await import('../tasks/repository/read-kit.ts')).readKit(program, access),
  listKeys: async (program: Scope, access: RepositoryAccess): Promise<KeyLine[]> =>
    (await import('../tasks/repository/repository-keys.ts')).listRepositoryKeys(program, access),
  addKey: async (program: Scope, access: RepositoryAccess, newPassword: () => Promise<string>): Promise<string> =>
    (await import('../tasks/repository/repository-keys.ts')).addRepositoryKey(program, access, newPassword),
  removeKey: async (program: Scope, access: RepositoryAccess, prefix: string): Promise<string> =>
    (await import('../tasks/repository/repository-keys.ts')).removeRepositoryKey(program, access, prefix),
  changePassword: async (program: Scope, access: RepositoryAccess, newPassword: () => Promise<string>): Promise<string> =>
    (await import('../tasks/repository/repository-keys.ts')).changeRepositoryPassword(program, access, newPassword),
  unlock: async (program: Scope, access: RepositoryAccess, all: boolean): Promise<LockLine[]> =>
    (await import('../tasks/repository/unlock-repository.ts')).unlockRepository(program, access, all),
  stats: async (program: Scope, access: RepositoryAccess): Promise<RepositoryStats> =>
    (await import('../tasks/repository/repository-stats.ts')).repositoryStats(program, access),
  tag: async (program: Scope, request: TagRequest): Promise<TaggedSnapshot[]> =>
    (await import('../tasks/repository/tag-snapshots.ts')).tagSnapshots(program, request),
  forget: async function* (program: Scope, request: ForgetRequest): AsyncGenerator<ForgetLine, void> {
    yield* (await import('../tasks/repository/forget-snapshots.ts')).forgetSnapshots(program, request);
  },
} as const;
