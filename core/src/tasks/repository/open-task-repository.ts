import { join } from 'node:path';
import type { Scope } from '../../container/scope.ts';
import type { Destination } from '../../contracts/destination.ts';
import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { toMessageEvent } from '../../events/to-message-event.ts';
import { FolderCache } from '../../layouts/repository/store/cache/folder-cache.ts';
import type { RepositoryLock } from '../../layouts/repository/store/locks/repository-lock.ts';
import { openRepository, type RepositoryOptions } from '../../layouts/repository/store/open-repository.ts';
import type { Repository } from '../../layouts/repository/store/repository.ts';
import { openTaskDestination, readLocation } from '../open-ends.ts';
import { taskLayers } from '../task-layers.ts';
import { tokens } from '../tokens.ts';
import { machineIdentity } from './machine-identity.ts';
import type { RepositoryAccess } from './repository-requests.ts';

/**
 * What a task does with a repository, and so its lock. `read`: a shared one, none where the destination cannot be written. `append`: a shared
 * one. `remove`: one of its own. `none`: for what needs no lock.
 */
export type RepositoryUse = 'read' | 'append' | 'remove' | 'none';

export interface RepositoryWish {
  /** `2M` or a timetable; absent: no limit. */
  readonly bandwidth?: string | undefined;
}

/** Opens and locks a repository for as long as the scope lives. Rejects with `not-a-repository`, `password-wrong`, `locked`. */
export async function openTaskRepository(
  scope: Scope,
  access: RepositoryAccess,
  use: RepositoryUse,
  { bandwidth }: RepositoryWish = {},
): Promise<Repository> {
  const destination = await openExisting(scope, access.location, bandwidth);
  return openRepositoryAt(scope, destination, access, use);
}

/** The same at a destination that the task has opened already. */
export async function openRepositoryAt(
  scope: Scope,
  destination: Destination,
  access: RepositoryAccess,
  use: RepositoryUse,
): Promise<Repository> {
  const options = repositoryOptions(scope, destination, access);
  const repository = await openRepository(destination, options).catch((error: unknown) =>
    Promise.reject(denyWhole(error, destination)),
  );
  scope.defer(() => repository[Symbol.asyncDispose]());
  if (use === 'none' || (use === 'read' && access.noLock === true)) return repository;
  await lock(scope, repository, access, use);
  return repository;
}

/** What opening and making a repository need of a task. */
export function repositoryOptions(scope: Scope, destination: Destination, access: RepositoryAccess): RepositoryOptions {
  const { cache } = scope.resolve(tokens.folders);
  const isElsewhere = destination.traits.localRoot === undefined && access.cache !== false;
  const token = scope.resolve(tokens.random).hex(4);
  return {
    password: access.password,
    clock: scope.resolve(tokens.clock),
    identity: machineIdentity(),
    signal: scope.resolve(tokens.signal),
    lockDestination: taskLayers(scope).lockAccess(destination)?.destination,
    ...(isElsewhere && { cacheFor: (id: string) => new FolderCache(join(cache, 'repositories', id), token) }),
  };
}

async function openExisting(scope: Scope, written: string, bandwidth: string | undefined): Promise<Destination> {
  try {
    return await openTaskDestination(scope, readLocation(scope, written), { create: false, bandwidth });
  } catch (error) {
    if (!isHoldfastError(error, 'not-found')) throw error;
    throw new HoldfastError('not-a-repository', `There is no repository at ${written}.`);
  }
}

/** Where not even its keys may be read, that ends the run, and is no matter of one object. */
function denyWhole(error: unknown, { traits }: Destination): Error {
  if (!isHoldfastError(error, 'access-denied')) return error as Error;
  const message = `The repository at ${traits.displayName} cannot be read: ${error.message}`;
  return new HoldfastError('destination-denied', message, { cause: error });
}

async function lock(scope: Scope, repository: Repository, access: RepositoryAccess, use: RepositoryUse): Promise<void> {
  const { retryLockMs } = access;
  const sink = scope.resolve(tokens.sink);
  const onWait = (error: HoldfastError): void => sink({ ...toMessageEvent(error), type: 'warning' });
  try {
    const held = await repository.lock(use === 'remove', { onWait, ...(retryLockMs !== undefined && { retryMs: retryLockMs }) });
    stopWhenLost(scope, repository, held);
  } catch (error) {
    if (!isHoldfastError(error) || !['access-denied', 'destination-denied', 'read-only'].includes(error.code)) throw error;
    const code = error.code === 'access-denied' ? 'destination-denied' : error.code;
    const message = `The repository at ${repository.displayName} cannot be locked: ${error.message}`;
    const denied = new HoldfastError(code, message, { cause: error });
    if (use !== 'read') throw denied;
    // Who cannot write there cannot harm it; that another one removes what is read shows in an error.
    sink({ ...toMessageEvent(denied), type: 'warning', hint: 'It is read without a lock; --no-lock says that this is meant.' });
  }
}

/** Calls under way end too when the lock is lost. Before each call the repository asks by itself. */
function stopWhenLost(scope: Scope, { destination }: Repository, { lost }: RepositoryLock): void {
  taskLayers(scope)
    .lockAccess(destination)
    ?.fence.follow({ lost, isLost: () => false });
}
