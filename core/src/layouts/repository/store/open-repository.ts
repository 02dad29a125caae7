import type { Destination } from '../../../contracts/destination.ts';
import type { Clock } from '../../../environment/clock.ts';
import { HoldfastError, isHoldfastError } from '../../../errors/holdfast-error.ts';
import { Sealer } from '../format/crypto/sealer.ts';
import { openConfig, type RepositoryConfig } from '../format/documents/repository-config.ts';
import type { ObjectCache } from './cache/object-cache.ts';
import { openAnyKey } from './keys/open-any-key.ts';
import type { LockIdentity } from './lock-identity.ts';
import { configKey } from './object-kind.ts';
import { ObjectStore } from './object-store.ts';
import { Repository } from './repository.ts';

/** Asked only when it is certain that there is something to open or make with it. */
type PasswordSource = () => Promise<string>;

export interface RepositoryOptions {
  readonly password: PasswordSource;
  readonly clock: Clock;
  readonly identity: LockIdentity;
  /** Ends every call. */
  readonly signal?: AbortSignal | undefined;
  /** The same destination for locks alone, past limits that may be taken up for long. */
  readonly lockDestination?: Destination | undefined;
  /** Keeps what is read on this machine, for the repository of this id. */
  readonly cacheFor?: ((repositoryId: string) => ObjectCache | undefined) | undefined;
}

/**
 * Opens the repository at a destination; takes no lock and reads no index yet. Rejects with `not-a-repository`, `password-wrong`,
 * `state-damaged`, and `format-unknown` for a version above 2.
 */
export async function openRepository(destination: Destination, options: RepositoryOptions): Promise<Repository> {
  const { clock, identity, signal, cacheFor, lockDestination } = options;
  const objects = new ObjectStore(destination, { signal, lockDestination });
  const stored = await readConfig(objects);
  const { keyId, master } = await openAnyKey(objects, await options.password());
  const config = openStored(new Sealer(master), stored, destination.traits.displayName);
  const cache = cacheFor?.(config.id);
  const proved = cache === undefined ? objects : new ObjectStore(destination, { signal, cache, lockDestination });
  return new Repository({ objects: proved, config, masterKey: master, keyId, clock, identity });
}

/** Whether a destination holds a repository, without a password. */
export async function isRepository(destination: Destination, { signal }: { readonly signal?: AbortSignal }): Promise<boolean> {
  return (await destination.stat(configKey, { ...(signal && { signal }) }))?.kind === 'file';
}

async function readConfig(objects: ObjectStore): Promise<Uint8Array> {
  try {
    return await objects.readKey(configKey, 'The configuration of the repository');
  } catch (error) {
    if (!isHoldfastError(error, 'not-found') && !isHoldfastError(error, 'is-directory')) throw error;
    throw new HoldfastError('not-a-repository', `There is no repository at ${objects.destination.traits.displayName}.`);
  }
}

function openStored(sealer: Sealer, stored: Uint8Array, displayName: string): RepositoryConfig {
  try {
    return openConfig(sealer, stored);
  } catch (error) {
    if (!isHoldfastError(error, 'state-damaged')) throw error;
    throw new HoldfastError('state-damaged', `${error.message} (${configKey} at ${displayName})`, {
      hint: 'A copy of that file, from another copy of the repository, puts it right; nothing can be read without it.',
      cause: error,
    });
  }
}
