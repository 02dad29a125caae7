import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { openMirrorSource } from '../layouts/mirror/state/past/open-mirror-source.ts';
import { isRepository } from '../layouts/repository/store/open-repository.ts';
import type { Repository } from '../layouts/repository/store/repository.ts';
import type { LoadedSnapshot } from '../layouts/repository/store/snapshots/load-snapshots.ts';
import { VersionSource } from '../layouts/repository/versions/version-source.ts';
import { openExisting, type OpenedMirror, openMirrorAt, selectRun } from './open-mirror.ts';
import { openRepositoryAt } from './repository/open-task-repository.ts';
import type { RepositoryReach } from './repository/repository-requests.ts';
import { tokens } from './tokens.ts';
import { sizeOf } from './version-entries.ts';

/** A location that holds versions. */
export type OpenedStore =
  | { readonly kind: 'mirror'; readonly destination: Destination; readonly mirror: OpenedMirror }
  | { readonly kind: 'repository'; readonly destination: Destination; readonly repository: Repository };

/** A version that is there to be read. */
export interface OpenedVersion {
  /** 64 hexadecimal digits in a repository, the run's id in a clone. */
  readonly id: string;
  readonly time: Date;
  /** Absolute paths that it is of; none for a clone, whose root is the folder that was copied. */
  readonly paths: readonly string[];
  /** Opens its entries; `top` is the directory that becomes the root. It lives as long as the scope. */
  open(top?: RelPath): Promise<Source>;
  readonly isDirectory: (path: RelPath) => Promise<boolean>;
  /** Of a file: the same text means the same bytes; other texts mean other bytes in a repository, and other sizes or times in a clone. */
  readonly fingerprint: (entry: Entry) => Promise<string>;
}

/**
 * Opens what is at a location: a clone, or a repository with a shared lock and its index. Rejects with `not-a-mirror` where neither is, and
 * with what opening a repository rejects with.
 */
export async function openStore(scope: Scope, location: string, reach: RepositoryReach | undefined): Promise<OpenedStore> {
  const destination = await openExisting(scope, location);
  if (!(await isRepository(destination, { signal: scope.resolve(tokens.signal) })))
    return { kind: 'mirror', destination, mirror: await openMirrorAt(scope, destination) };
  const access = { password: noPassword, ...reach, location };
  return { kind: 'repository', destination, repository: await openRepositoryAt(scope, destination, access, 'read') };
}

/** The version that a user means by `written`; the newest for undefined. Rejects with `snapshot-missing`. */
export async function openVersion(scope: Scope, store: OpenedStore, written: string | undefined): Promise<OpenedVersion> {
  if (store.kind === 'mirror') return mirrorVersion(scope, store, selectRun(scope, store.mirror, written).id);
  const snapshot = await store.repository.findSnapshot(written ?? 'latest');
  // After the snapshot was found: what it needs is in the index then.
  await store.repository.loadIndex();
  return repositoryVersion(store.repository, snapshot);
}

/** Every version of a location, the oldest first. */
export async function openVersions(scope: Scope, store: OpenedStore): Promise<OpenedVersion[]> {
  if (store.kind === 'mirror') return store.mirror.history.runs.map(({ id }) => mirrorVersion(scope, store, id));
  const snapshots = await store.repository.loadSnapshots();
  await store.repository.loadIndex();
  return snapshots.map((snapshot) => repositoryVersion(store.repository, snapshot));
}

function repositoryVersion(repository: Repository, snapshot: LoadedSnapshot): OpenedVersion {
  const { id, time, file } = snapshot;
  const whole = new VersionSource(repository, snapshot);
  return {
    id,
    time,
    paths: file.paths,
    open: (top) => Promise.resolve(new VersionSource(repository, snapshot, top)),
    isDirectory: async (path) => (await whole.node(path))?.type === 'dir',
    fingerprint: async ({ path }) => Buffer.from((await whole.node(path))?.content ?? []).toString('hex'),
  };
}

function mirrorVersion(scope: Scope, { destination, mirror }: OpenedStore & { kind: 'mirror' }, id: string): OpenedVersion {
  const run = mirror.history.runs.find((each) => each.id === id);
  return {
    id,
    time: new Date(run?.finishedAt ?? 0),
    paths: [],
    isDirectory: () => Promise.resolve(true),
    fingerprint: (entry) => Promise.resolve(`${sizeOf(entry)} ${entry.metadata.mtimeNs}`),
    open: async () => {
      const source = await openMirrorSource(destination, mirror.history, id, { signal: scope.resolve(tokens.signal) });
      scope.defer(async () => source[Symbol.asyncDispose]());
      return source;
    },
  };
}

function noPassword(): Promise<string> {
  return Promise.reject(new HoldfastError('usage', 'The repository needs a password, and none was given.'));
}
