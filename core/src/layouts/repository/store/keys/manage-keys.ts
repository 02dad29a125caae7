import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import type { Repository } from '../repository.ts';
import { readKeys } from './open-any-key.ts';
import { writeKey } from './write-key.ts';

/** A key, as people tell it from others. */
export interface KeyDescription {
  readonly id: string;
  /** It is the one that this repository was opened with. */
  readonly current: boolean;
  /** RFC 3339; undefined where its maker did not say, as for the others. */
  readonly created: string | undefined;
  readonly username: string | undefined;
  readonly hostname: string | undefined;
  /** Undefined for one that is whole. */
  readonly error: HoldfastError | undefined;
}

/** Every key, the oldest first. */
export async function listKeys({ objects, keyId }: Repository): Promise<KeyDescription[]> {
  const keys: KeyDescription[] = [];
  const none = { created: undefined, username: undefined, hostname: undefined };
  const onDamaged = (id: string, error: HoldfastError): unknown => keys.push({ ...none, id, current: id === keyId, error });
  for await (const { id, created, username, hostname } of readKeys(objects, onDamaged))
    keys.push({ id, current: id === keyId, created, username, hostname, error: undefined });
  return keys.sort((a, b) => ((a.created ?? '') < (b.created ?? '') ? -1 : 1));
}

/** Adds a key for another password and resolves with its id, once it was proved. The old ones stay. */
export function addKey({ objects, masterKey, clock, identity }: Repository, password: string): Promise<string> {
  return writeKey(objects, { masterKey, password, clock, identity });
}

/**
 * Removes the key whose id begins so, and resolves with its id. Rejects with `usage` for the key in use, for none and for several. Who has read
 * a key before can still open the repository with its password.
 */
export async function removeKey(repository: Repository, prefix: string): Promise<string> {
  const ids = (await Array.fromAsync(repository.objects.list('key'))).map(({ id }) => id).filter((id) => id.startsWith(prefix));
  const [id] = ids;
  if (id === undefined || ids.length > 1 || prefix === '') {
    const problem = id === undefined ? `No key begins with "${prefix}".` : `Several keys begin with "${prefix}".`;
    throw new HoldfastError('usage', problem, { hint: 'See `holdfast repo key list LOCATION`.' });
  }
  if (id === repository.keyId) {
    throw new HoldfastError('usage', `Key ${id.slice(0, 12)} is the one that the password opened; it is not removed.`, {
      hint: 'Give the password of another key, or change this one with `holdfast repo key passwd`.',
    });
  }
  await repository.remove('key', id);
  return id;
}

/** Exchanges the key in use for one with another password: it is removed only when the new one was proved. Resolves with the new id. */
export async function changePassword(repository: Repository, password: string): Promise<string> {
  const id = await addKey(repository, password);
  await repository.remove('key', repository.keyId);
  return id;
}
