import type { Scope } from '../../container/scope.ts';
import {
  addKey,
  changePassword,
  type KeyDescription,
  listKeys,
  removeKey,
} from '../../layouts/repository/store/keys/manage-keys.ts';
import { openTaskRepository } from './open-task-repository.ts';
import type { KeyLine, RepositoryAccess } from './repository-requests.ts';

/** The keys of a repository, the oldest first. */
export async function listRepositoryKeys(program: Scope, access: RepositoryAccess): Promise<KeyLine[]> {
  await using scope = program.child('repo key list');
  return (await listKeys(await openTaskRepository(scope, access, 'read'))).map(describeKey);
}

/** Adds a key for another password; resolves with its id. */
export async function addRepositoryKey(
  program: Scope,
  access: RepositoryAccess,
  newPassword: () => Promise<string>,
): Promise<string> {
  await using scope = program.child('repo key add');
  const repository = await openTaskRepository(scope, access, 'append');
  return await addKey(repository, await newPassword());
}

/** Removes a key by the beginning of its id; resolves with the whole. Rejects with `usage` for the one in use. */
export async function removeRepositoryKey(program: Scope, access: RepositoryAccess, prefix: string): Promise<string> {
  await using scope = program.child('repo key remove');
  return await removeKey(await openTaskRepository(scope, access, 'remove'), prefix);
}

/** Exchanges the key in use for one with another password; resolves with its id. */
export async function changeRepositoryPassword(
  program: Scope,
  access: RepositoryAccess,
  newPassword: () => Promise<string>,
): Promise<string> {
  await using scope = program.child('repo key passwd');
  const repository = await openTaskRepository(scope, access, 'remove');
  return await changePassword(repository, await newPassword());
}

export function describeKey({ id, current, created, username, hostname, error }: KeyDescription): KeyLine {
  return {
    id,
    current,
    ...(created !== undefined && { created }),
    ...(username !== undefined && { username }),
    ...(hostname !== undefined && { hostname }),
    ...(error !== undefined && { error: error.message }),
  };
}
