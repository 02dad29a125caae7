import { type HoldfastError, isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { type KeyFile, parseKeyFile } from '../../format/crypto/key-file.ts';
import type { MasterKey } from '../../format/crypto/master-key.ts';
import { openMasterKey } from '../../format/crypto/open-master-key.ts';
import { damaged } from '../../format/damaged.ts';
import { describeObject } from '../object-kind.ts';
import type { ObjectStore } from '../object-store.ts';

/** A key file with its id, 64 hexadecimal digits. */
export interface StoredKey extends KeyFile {
  readonly id: string;
}

/**
 * The master key by the first key that the password opens. One that is damaged keeps nobody from the others. Rejects with `password-wrong`,
 * and with `state-damaged` where there is no key, or none but damaged ones.
 */
export async function openAnyKey(
  objects: ObjectStore,
  password: string,
): Promise<{ readonly keyId: string; readonly master: MasterKey }> {
  const broken: HoldfastError[] = [];
  const whole: StoredKey[] = [];
  for await (const key of readKeys(objects, (_, error) => broken.push(error))) whole.push(key);
  if (whole.length === 0 && broken[0] !== undefined) throw broken[0];
  const { key, master } = await openMasterKey(whole, password);
  return { keyId: key.id, master };
}

/** Every key; those that cannot be read are told of. */
export async function* readKeys(
  objects: ObjectStore,
  onDamaged: (id: string, error: HoldfastError) => void,
): AsyncGenerator<StoredKey, void> {
  for await (const { id } of objects.list('key')) {
    try {
      yield await readKey(objects, id);
    } catch (error) {
      if (isHoldfastError(error, 'not-found')) continue;
      if (!isHoldfastError(error, 'state-damaged')) throw error;
      onDamaged(id, error);
    }
  }
}

/** One key. Rejects with `not-found` and `state-damaged`. */
export async function readKey(objects: ObjectStore, id: string): Promise<StoredKey> {
  const bytes = await objects.read('key', id);
  try {
    return { ...parseKeyFile(bytes), id };
  } catch (error) {
    if (!isHoldfastError(error, 'state-damaged')) throw error;
    throw damaged(`${describeObject('key', id)} is damaged: ${error.message}`, error);
  }
}
