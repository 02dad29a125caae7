import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { type KeyFile, unlockKeyFile } from './key-file.ts';
import type { MasterKey } from './master-key.ts';

/** Every try takes half a second on purpose; restic tries as many. */
const MAX_KEYS = 20;

/** The first of the keys that the password opens. */
export interface OpenedKey<Key extends KeyFile> {
  readonly key: Key;
  readonly master: MasterKey;
}

/**
 * Tries a password at one key after the other, 20 at most, and asks for no more than it needs. Throws `password-wrong` where it opens
 * none, and `state-damaged` as soon as a key is damaged.
 */
export async function openMasterKey<Key extends KeyFile>(
  keys: Iterable<Key> | AsyncIterable<Key>,
  password: string,
): Promise<OpenedKey<Key>> {
  let tried = 0;
  for await (const key of keys) {
    const master = await unlockKeyFile(key, password);
    if (master !== undefined) return { key, master };
    tried++;
    if (tried === MAX_KEYS) break;
  }
  if (tried === 0) throw new HoldfastError('state-damaged', 'The repository has no key, so nothing can open it.');
  throw new HoldfastError(
    'password-wrong',
    `The password opens none of the ${String(tried)} keys of the repository. Give the right one; it cannot be replaced where it is lost.`,
  );
}
