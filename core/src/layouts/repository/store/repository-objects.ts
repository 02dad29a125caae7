import type { Destination } from '../../../contracts/destination.ts';
import type { Clock } from '../../../environment/clock.ts';
import type { MasterKey } from '../format/crypto/master-key.ts';
import { Sealer } from '../format/crypto/sealer.ts';
import type { RepositoryConfig } from '../format/documents/repository-config.ts';
import { openUnpacked, sealUnpacked } from '../format/documents/unpacked-file.ts';
import { formatId, parseId } from '../format/object-id.ts';
import { BlobIndex } from '../index/blob-index.ts';
import type { LockIdentity } from './lock-identity.ts';
import { describeObject, type ObjectKind } from './object-kind.ts';
import type { ObjectStore } from './object-store.ts';

export interface RepositoryParts {
  readonly objects: ObjectStore;
  readonly config: RepositoryConfig;
  readonly masterKey: MasterKey;
  /** Of the key that was opened: 64 hexadecimal digits. */
  readonly keyId: string;
  readonly clock: Clock;
  readonly identity: LockIdentity;
}

/** The objects of an open repository with the key that opens them: what all that is done with a repository is made of. */
export class RepositoryObjects {
  readonly objects: ObjectStore;
  readonly config: RepositoryConfig;
  readonly masterKey: MasterKey;
  readonly keyId: string;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly identity: LockIdentity;
  /** Every blob that may be relied on. Empty until `loadIndex`; `savePack` adds to it. */
  readonly index = new BlobIndex();
  /** Blobs of packs that rustic means to delete: only read where `index` does not have them, never relied on. */
  readonly retiring = new BlobIndex();

  constructor({ objects, config, masterKey, keyId, clock, identity }: RepositoryParts) {
    this.objects = objects;
    this.config = config;
    this.masterKey = masterKey;
    this.keyId = keyId;
    this.clock = clock;
    this.identity = identity;
    this.sealer = new Sealer(masterKey);
  }

  get destination(): Destination {
    return this.objects.destination;
  }

  /** Where it is, for people. */
  get displayName(): string {
    return this.destination.traits.displayName;
  }

  /** The JSON of an index, snapshot or lock file. Rejects with `not-found` too. */
  async loadUnpacked(kind: ObjectKind, id: string): Promise<Uint8Array> {
    const bytes = await this.objects.read(kind, id);
    return openUnpacked(this.sealer, { id: parseId(id), bytes }, describeObject(kind, id));
  }

  /** Stores the JSON of an index, snapshot or lock file, and resolves with its id. Who refers to packs or index files flushes them before. */
  async saveUnpacked(kind: ObjectKind, json: Uint8Array): Promise<string> {
    const file = sealUnpacked(this.sealer, json, this.config.version);
    await this.objects.write(kind, file);
    return formatId(file.id);
  }

  /** Removes an object. Flush before that what replaces it. */
  remove(kind: ObjectKind, id: string): Promise<void> {
    return this.objects.remove(kind, id);
  }
}
