import { type Cipheriv, createCipheriv, randomFillSync, timingSafeEqual } from 'node:crypto';
import { damaged } from '../damaged.ts';
import { CounterMode } from './counter-mode.ts';
import { checkKey, clamp, isZero, type MasterKey } from './master-key.ts';
import { authenticateOnce } from './one-time-auth.ts';

/** Bytes that sealing adds: the initial counter before, the tag after. */
export const SEAL_OVERHEAD = 32;
const IV_BYTES = 16;
const TAG_BYTES = 16;
const RANDOM_BYTES = 4096;

/**
 * Seals and opens as restic does: AES-256 in counter mode, then Poly1305-AES over the ciphertext. Nothing binds sealed bytes to a place or
 * name: who opens them still compares their id.
 */
export class Sealer {
  readonly #cipher: CounterMode;
  readonly #nonceCipher: Cipheriv;
  readonly #tagKey = Buffer.alloc(32);
  readonly #tag = Buffer.alloc(TAG_BYTES);
  readonly #random = Buffer.alloc(RANDOM_BYTES);
  #randomAt = RANDOM_BYTES;

  /** Throws `state-damaged` for a key that protects nothing. */
  constructor(key: MasterKey) {
    checkKey(key);
    this.#cipher = new CounterMode(key.encrypt);
    this.#nonceCipher = createCipheriv('aes-128-ecb', key.macK, null).setAutoPadding(false);
    this.#tagKey.set(clamp(key.macR));
  }

  /**
   * Writes counter, ciphertext and tag of `plain` to `target` at `offset`, 32 bytes more than `plain`, and gives what it wrote: a view.
   * Throws a RangeError where `target` has no room for it.
   */
  seal(plain: Uint8Array, target: Uint8Array, offset = 0): Uint8Array {
    const size = plain.length + SEAL_OVERHEAD;
    if (offset + size > target.length) throw new RangeError('There is no room for what is sealed.');
    const sealed = target.subarray(offset, offset + size);
    const iv = this.#newIv();
    const text = sealed.subarray(IV_BYTES, size - TAG_BYTES);
    this.#cipher.apply(plain, text, iv);
    sealed.set(iv);
    sealed.set(this.#authenticate(iv, text), size - TAG_BYTES);
    return sealed;
  }

  /** The same into new memory. */
  sealed(plain: Uint8Array): Uint8Array {
    return this.seal(plain, new Uint8Array(plain.length + SEAL_OVERHEAD));
  }

  /**
   * Writes the plaintext of `sealed` to the start of `target`, 32 bytes less, and gives it: a view. Undefined, and nothing written, where
   * the tag does not fit: this was not sealed with this key, or changed since. `target` may begin where the ciphertext does.
   */
  open(
    sealed: Uint8Array,
    target: Uint8Array = new Uint8Array(Math.max(0, sealed.length - SEAL_OVERHEAD)),
  ): Uint8Array | undefined {
    if (sealed.length < SEAL_OVERHEAD) return undefined;
    const end = sealed.length - TAG_BYTES;
    const iv = sealed.subarray(0, IV_BYTES);
    const text = sealed.subarray(IV_BYTES, end);
    if (isZero(iv) || !timingSafeEqual(this.#authenticate(iv, text), sealed.subarray(end))) return undefined;
    const plain = target.subarray(0, text.length);
    this.#cipher.apply(text, plain, iv);
    return plain;
  }

  /** The same, and `state-damaged` thrown where the tag does not fit. `what` names the bytes in the message. */
  openOrThrow(sealed: Uint8Array, what: string): Uint8Array {
    return this.open(sealed) ?? fail(what);
  }

  #authenticate(iv: Uint8Array, text: Uint8Array): Buffer {
    this.#tagKey.set(this.#nonceCipher.update(iv), 16);
    authenticateOnce(this.#tag, text, this.#tagKey);
    return this.#tag;
  }

  #newIv(): Uint8Array {
    do {
      if (this.#randomAt >= RANDOM_BYTES) {
        randomFillSync(this.#random);
        this.#randomAt = 0;
      }
      this.#randomAt += IV_BYTES;
    } while (isZero(this.#random.subarray(this.#randomAt - IV_BYTES, this.#randomAt)));
    return this.#random.subarray(this.#randomAt - IV_BYTES, this.#randomAt);
  }
}

function fail(what: string): never {
  throw damaged(`${what} is damaged: it is not what was encrypted.`);
}
