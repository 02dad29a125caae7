import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { damaged } from '../damaged.ts';
import { type MasterKey, splitKey } from './master-key.ts';

/** How costly a password is to try (RFC 7914, 2): memory is 128 · n · r bytes, time grows with p too. */
export interface ScryptParameters {
  /** A power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** Above what anybody asks for in good faith; a key file must not choose how much memory and time its reading takes. */
const MAX_MEMORY_BYTES = 2 ** 30;
const MAX_PASSES = 128;
const KEY_BYTES = 64;

const run = promisify<string, Uint8Array, number, object, Buffer>(scrypt);

/** The key that a password gives. Throws `state-damaged` for parameters that cannot be or that ask for too much. */
export async function deriveKey(password: string, salt: Uint8Array, parameters: ScryptParameters): Promise<MasterKey> {
  const { n, r, p } = parameters;
  const memory = 128 * n * r;
  const isPowerOfTwo = n > 1 && 2 ** Math.round(Math.log2(n)) === n;
  if (!isPowerOfTwo || r < 1 || p < 1 || p > MAX_PASSES || memory > MAX_MEMORY_BYTES) {
    throw damaged(`A key file is damaged: it asks for scrypt with N=${String(n)}, r=${String(r)}, p=${String(p)}.`);
  }
  return splitKey(await run(password, salt, KEY_BYTES, { N: n, r, p, maxmem: memory + 128 * r * (p + 2) + 65_536 }));
}
