import { hash } from 'node:crypto';
import type { RelPath } from '../../contracts/rel-path.ts';
import { encodePath } from '../../paths/rel-path.ts';

const WORDS = 3;
const WORD_BYTES = 4;

/**
 * A set of keys that keeps 96 bits of SHA-256 for each instead of the key: 16 to 32 bytes of memory. That two of ten million keys
 * are taken for one has a probability below 10^-14.
 */
export class KeySet {
  /** A free slot has 0 in its first word. */
  #slots = new Uint32Array(1024 * WORDS);
  #size = 0;
  readonly #hash = new Uint32Array(WORDS);

  get size(): number {
    return this.#size;
  }

  has(key: RelPath): boolean {
    this.#setHash(key);
    return this.#slots[this.#find(this.#slots)] !== 0;
  }

  add(key: RelPath): void {
    if (this.#size * 4 >= (this.#slots.length / WORDS) * 3) this.#grow();
    this.#setHash(key);
    const slot = this.#find(this.#slots);
    if (this.#slots[slot] !== 0) return;
    this.#slots.set(this.#hash, slot);
    this.#size++;
  }

  #setHash(key: RelPath): void {
    const digest = hash('sha256', encodePath(key), 'buffer');
    for (let word = 0; word < WORDS; word++) this.#hash[word] = digest.readUInt32LE(word * WORD_BYTES);
    this.#hash[0] ||= 1;
  }

  /** The slot that holds the current hash, or the free one where it belongs. */
  #find(slots: Uint32Array): number {
    const [first = 0, second, third] = this.#hash;
    const count = slots.length / WORDS;
    for (let at = first % count; ; at = (at + 1) % count) {
      const slot = at * WORDS;
      const held = slots[slot];
      if (held === 0 || (held === first && slots[slot + 1] === second && slots[slot + 2] === third)) return slot;
    }
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let slot = 0; slot < this.#slots.length; slot += WORDS) {
      if (this.#slots[slot] === 0) continue;
      this.#hash.set(this.#slots.subarray(slot, slot + WORDS));
      larger.set(this.#hash, this.#find(larger));
    }
    this.#slots = larger;
  }
}
