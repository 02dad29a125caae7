import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto';
import type { Cipheriv, KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';

export const SEAL_OVERHEAD = 32;
const IV_BYTES = 16;
const PIECE_BYTES = 128 << 10;

export interface MasterKey {
  readonly encrypt: Uint8Array;
  readonly macK: Uint8Array;
  readonly macR: Uint8Array;
}

const sodium = createRequire(import.meta.url)('sodium-native') as {
  crypto_onetimeauth(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
};

/** Seals and opens as restic does (AES-256-CTR, Poly1305-AES over the ciphertext), in place of the caller and without an object for each blob. */
export class Sealer {
  readonly #key: KeyObject;
  readonly #macCipher: Cipheriv;
  readonly #tagKey = Buffer.alloc(32);
  readonly #tag = Buffer.alloc(16);
  readonly #random = Buffer.alloc(4096);
  #randomAt = 4096;

  constructor(key: MasterKey) {
    // Node takes seven times as long to make a cipher of plain bytes.
    this.#key = createSecretKey(key.encrypt);
    this.#macCipher = createCipheriv('aes-128-ecb', key.macK, null).setAutoPadding(false);
    this.#tagKey.set(key.macR);
    for (const at of [3, 7, 11, 15]) this.#tagKey[at] = (this.#tagKey[at] as number) & 15;
    for (const at of [4, 8, 12]) this.#tagKey[at] = (this.#tagKey[at] as number) & 252;
  }

  /** Writes iv, ciphertext and tag of `plain` to `target` at `offset`: 32 bytes more than `plain`. Gives what it wrote. */
  seal(plain: Uint8Array, target: Uint8Array, offset: number): Uint8Array {
    const sealed = target.subarray(offset, offset + plain.length + SEAL_OVERHEAD);
    const iv = this.#newIv();
    sealed.set(iv);
    const text = sealed.subarray(IV_BYTES, IV_BYTES + plain.length);
    this.#crypt(plain, text, iv, createCipheriv);
    sealed.set(this.#authenticate(iv, text), IV_BYTES + plain.length);
    return sealed;
  }

  /** Writes the plaintext of `sealed` to the start of `target` and gives it, or undefined where the tag does not fit. */
  open(sealed: Uint8Array, target: Uint8Array): Uint8Array | undefined {
    const end = sealed.length - 16;
    const iv = sealed.subarray(0, IV_BYTES);
    const text = sealed.subarray(IV_BYTES, end);
    if (!this.#authenticate(iv, text).equals(sealed.subarray(end))) return undefined;
    const plain = target.subarray(0, text.length);
    this.#crypt(text, plain, iv, createDecipheriv);
    return plain;
  }

  #authenticate(iv: Uint8Array, text: Uint8Array): Buffer {
    this.#tagKey.set(this.#macCipher.update(iv), 16);
    sodium.crypto_onetimeauth(this.#tag, text, this.#tagKey);
    return this.#tag;
  }

  #crypt(from: Uint8Array, to: Uint8Array, iv: Uint8Array, make: typeof createCipheriv | typeof createDecipheriv): void {
    const cipher = make('aes-256-ctr', this.#key, iv);
    // In pieces that stay in the processor's cache, and whose memory is soon used again.
    for (let at = 0; at < from.length; at += PIECE_BYTES) {
      const piece = cipher.update(from.subarray(at, at + PIECE_BYTES));
      to.set(piece, at);
      // Frees it now. The garbage collector would let tens of megabytes of these gather first.
      if (piece.length === piece.buffer.byteLength) (piece.buffer as ArrayBuffer).transfer(0);
    }
  }

  #newIv(): Uint8Array {
    if (this.#randomAt === this.#random.length) {
      randomFillSync(this.#random);
      this.#randomAt = 0;
    }
    const at = this.#randomAt;
    this.#randomAt = at + IV_BYTES;
    return this.#random.subarray(at, at + IV_BYTES);
  }
}
