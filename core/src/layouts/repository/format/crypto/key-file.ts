import { randomFillSync } from 'node:crypto';
import { JsonFields, readBase64, readCount, readString, type UnknownFields } from '../json/json-fields.ts';
import { type RawJson, writeFields } from '../json/write-fields.ts';
import { damaged } from '../damaged.ts';
import { deriveKey, type ScryptParameters } from './derive-key.ts';
import { checkKey, type MasterKey, splitKey } from './master-key.ts';
import { Sealer } from './sealer.ts';

const SALT_BYTES = 64;
const WHAT = 'A key file';

/** A file below `keys/`: the master key, sealed with what a password gives. JSON that is stored as it is. */
export interface KeyFile {
  /** RFC 3339. */
  readonly created?: string | undefined;
  readonly username?: string | undefined;
  readonly hostname?: string | undefined;
  readonly parameters: ScryptParameters;
  readonly salt: Uint8Array;
  readonly sealedMaster: Uint8Array;
  readonly unknown: UnknownFields;
}

/** Who and when, for people to tell keys apart by. */
export interface KeyOrigin {
  /** RFC 3339. */
  readonly created: string;
  readonly username: string;
  readonly hostname: string;
}

/** Throws `state-damaged` for what is no key file, and for another way from password to key than scrypt. */
export function parseKeyFile(bytes: Uint8Array): KeyFile {
  const fields = new JsonFields(bytes, WHAT);
  const kdf = fields.take('kdf', readString);
  if (kdf !== 'scrypt') throw damaged(`${WHAT} asks for "${kdf.slice(0, 40)}", which is not scrypt.`);
  const salt = fields.take('salt', readBase64);
  if (salt.length !== SALT_BYTES) throw damaged(`${WHAT} is damaged: its salt has ${String(salt.length)} bytes, not 64.`);
  return {
    created: fields.takeOptional('created', readString),
    username: fields.takeOptional('username', readString),
    hostname: fields.takeOptional('hostname', readString),
    parameters: { n: fields.take('N', readCount), r: fields.take('r', readCount), p: fields.take('p', readCount) },
    salt,
    sealedMaster: fields.take('data', readBase64),
    unknown: fields.unknown,
  };
}

/** The file's bytes; its name is their id. */
export function writeKeyFile(key: KeyFile): Buffer {
  const { created, username, hostname, parameters, salt, sealedMaster, unknown } = key;
  const { n, r, p } = parameters;
  const fields = { created, username, hostname, kdf: 'scrypt', N: n, r, p, salt: base64(salt), data: base64(sealedMaster) };
  return Buffer.from(writeFields(fields, unknown));
}

/** The master key; undefined where the password is another. Throws `state-damaged`. */
export async function unlockKeyFile(key: KeyFile, password: string): Promise<MasterKey | undefined> {
  const sealer = new Sealer(await deriveKey(password, key.salt, key.parameters));
  const plain = sealer.open(key.sealedMaster);
  return plain === undefined ? undefined : parseMasterKey(plain);
}

/** A new key file that opens `master` with `password`, with salt of its own. */
export async function lockMasterKey(
  master: MasterKey,
  password: string,
  parameters: ScryptParameters,
  origin: KeyOrigin,
): Promise<KeyFile> {
  checkKey(master);
  const salt = randomFillSync(new Uint8Array(SALT_BYTES));
  const sealer = new Sealer(await deriveKey(password, salt, parameters));
  const mac: RawJson = { json: writeFields({ k: base64(master.macK), r: base64(master.macR) }) };
  const plain = Buffer.from(writeFields({ mac, encrypt: base64(master.encrypt) }));
  return { ...origin, parameters, salt, sealedMaster: sealer.sealed(plain), unknown: new Map() };
}

function parseMasterKey(bytes: Uint8Array): MasterKey {
  const fields = new JsonFields(bytes, 'The master key');
  const encrypt = fields.take('encrypt', readBase64);
  const mac = new JsonFields(Buffer.from(fields.unknown.get('mac') ?? ''), 'The master key');
  const parts = { encrypt, macK: mac.take('k', readBase64), macR: mac.take('r', readBase64) };
  checkKey(parts);
  return splitKey(Buffer.concat([parts.encrypt, parts.macK, parts.macR]));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
