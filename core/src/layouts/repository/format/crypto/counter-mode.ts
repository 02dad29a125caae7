import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';

const PIECE_BYTES = 128 << 10;

/** AES-256 in counter mode (NIST SP 800-38A, 6.5) under one key: its encryption is its decryption. */
export class CounterMode {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    // Node takes seven times as long to make a cipher of plain bytes.
    this.#key = createSecretKey(key);
  }

  /** Writes `from` encrypted or decrypted to `to`, which may be the same bytes but not other bytes of theirs. `iv` is the first counter. */
  apply(from: Uint8Array, to: Uint8Array, iv: Uint8Array): void {
    const cipher = createCipheriv('aes-256-ctr', this.#key, iv);
    // In pieces that stay in the processor's cache.
    for (let at = 0; at < from.length; at += PIECE_BYTES) {
      const piece = cipher.update(from.subarray(at, at + PIECE_BYTES));
      to.set(piece, at);
      // Frees it now. The garbage collector would let tens of megabytes of these gather first.
      if (piece.length === piece.buffer.byteLength) piece.buffer.transfer(0);
    }
  }
}
