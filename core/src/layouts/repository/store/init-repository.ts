import { randomBytes } from 'node:crypto';
import type { Destination } from '../../../contracts/destination.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../errors/holdfast-error.ts';
import { type Polynomial, randomPolynomial } from '../chunker/polynomial.ts';
import { randomKey } from '../format/crypto/master-key.ts';
import { Sealer } from '../format/crypto/sealer.ts';
import { type RepositoryConfig, sealConfig } from '../format/documents/repository-config.ts';
import { randomId } from '../format/object-id.ts';
import type { RepositoryVersion } from '../format/repository-version.ts';
import { restrictFolder } from './file-modes.ts';
import { writeKey } from './keys/write-key.ts';
import { mapParallel } from './map-parallel.ts';
import { configKey, folderOf, type ObjectKind } from './object-kind.ts';
import { ObjectStore } from './object-store.ts';
import type { RepositoryOptions } from './open-repository.ts';
import { Repository } from './repository.ts';

export interface InitOptions extends RepositoryOptions {
  /** 2 unless given. */
  readonly version?: RepositoryVersion;
  /** That of another repository, so that files are cut alike in both and copying between them stores nothing twice. Random unless given. */
  readonly polynomial?: Polynomial;
}

const kinds: readonly ObjectKind[] = ['pack', 'index', 'snapshot', 'key', 'lock'];

/**
 * Makes a new repository and opens it. Rejects with `repository-exists` where there is one, also where only keys or snapshots of one are left.
 * The configuration is written last: without it there is no repository.
 */
export async function initRepository(destination: Destination, options: InitOptions): Promise<Repository> {
  const { clock, identity, signal, lockDestination, version = 2, polynomial = randomPolynomial(randomBytes) } = options;
  const objects = new ObjectStore(destination, { signal, lockDestination });
  await refuseExisting(objects);
  const password = await options.password();
  const masterKey = randomKey();
  await makeFolders(destination, signal);
  const keyId = await writeKey(objects, { masterKey, password, clock, identity });
  const config: RepositoryConfig = { version, id: randomId(), polynomial, unknown: new Map() };
  await objects.writeKey(configKey, sealConfig(new Sealer(masterKey), config));
  await objects.flush();
  return new Repository({ objects, config, masterKey, keyId, clock, identity });
}

async function refuseExisting(objects: ObjectStore): Promise<void> {
  const { destination, signal } = objects;
  const name = destination.traits.displayName;
  if ((await destination.stat(configKey, { ...(signal && { signal }) })) !== undefined) {
    throw new HoldfastError('repository-exists', `There is a repository at ${name} already, or another file called "config".`);
  }
  for (const kind of ['key', 'snapshot'] as const) {
    for await (const { id } of objects.list(kind)) {
      throw new HoldfastError(
        'repository-exists',
        `${name} holds ${folderOf(kind)}/${id} of a repository whose "config" is gone.`,
        {
          hint: 'If it is needed, put "config" back from another copy of it; else choose an empty folder.',
        },
      );
    }
  }
}

/** As restic has them where there are folders, so that no pack needs one made first. */
async function makeFolders(destination: Destination, signal: AbortSignal | undefined): Promise<void> {
  const { directories } = destination.capabilities;
  if (directories === undefined) return;
  const calls = { ...(signal && { signal }) };
  const below = Array.from({ length: 256 }, (_, index) => `data/${index.toString(16).padStart(2, '0')}` as RelPath);
  const make = async (key: RelPath): Promise<void> => {
    await directories.create(key, calls);
    await restrictFolder(destination, key, calls);
  };
  for (const key of kinds.map(folderOf)) await make(key);
  for await (const _ of mapParallel(below, destination.traits.maxConnections, make));
}
