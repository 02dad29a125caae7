import type { Clock } from '../../../../environment/clock.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { calibrateScrypt } from '../../format/crypto/calibrate-scrypt.ts';
import { lockMasterKey, unlockKeyFile, writeKeyFile } from '../../format/crypto/key-file.ts';
import type { MasterKey } from '../../format/crypto/master-key.ts';
import { computeId, formatId } from '../../format/object-id.ts';
import type { LockIdentity } from '../lock-identity.ts';
import type { ObjectStore } from '../object-store.ts';
import { readKey } from './open-any-key.ts';

export interface NewKey {
  readonly masterKey: MasterKey;
  readonly password: string;
  readonly clock: Clock;
  readonly identity: Pick<LockIdentity, 'hostname' | 'username'>;
}

/** Stores a new key and resolves with its id, once what the destination gives back was opened with the password. */
export async function writeKey(objects: ObjectStore, { masterKey, password, clock, identity }: NewKey): Promise<string> {
  const origin = { created: clock.now().toISOString(), username: identity.username, hostname: identity.hostname };
  const key = await lockMasterKey(masterKey, password, await calibrateScrypt(clock), origin);
  const bytes = writeKeyFile(key);
  const id = formatId(computeId(bytes));
  await objects.write('key', { id: computeId(bytes), bytes });
  await objects.flush();
  const opened = await unlockKeyFile(await readKey(objects, id), password);
  if (opened === undefined || !Buffer.from(opened.encrypt).equals(masterKey.encrypt)) {
    throw new HoldfastError(
      'state-damaged',
      `The new key keys/${id} does not open what it was made for. Nothing else was changed.`,
    );
  }
  return id;
}
