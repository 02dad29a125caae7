import type { Digest, DigestAlgorithm } from '@holdfast/core/plugin';
import { Blake3Hasher } from '@napi-rs/blake-hash';

/** A digest over bytes that pass. */
export interface ContentHasher {
  update(bytes: Buffer): void;
  /** Ends it. */
  digest(): Digest;
}

/** One for the thread: making one takes longer than hashing a small file. */
const blake3 = new Blake3Hasher();

const blake3Hasher: ContentHasher = {
  update: (bytes) => void blake3.update(bytes),
  // By way of text, which takes half as long as a buffer made by native code.
  digest: () => ({ algorithm: 'blake3', value: Buffer.from(blake3.digest(), 'hex') }),
};

let startOther: ((algorithm: DigestAlgorithm) => ContentHasher) | undefined;

/** Must have resolved before `startHasher` is called for `algorithm`. Only those other than BLAKE3 need the core loaded into this thread. */
export async function prepareHasher(algorithm: DigestAlgorithm | undefined): Promise<void> {
  if (algorithm !== undefined && algorithm !== 'blake3') startOther ??= (await import('@holdfast/core/plugin')).createDigest;
}

/** Starts a digest. It must be ended before the thread starts another one. */
export function startHasher(algorithm: DigestAlgorithm): ContentHasher {
  if (algorithm !== 'blake3') {
    if (startOther === undefined) throw new Error(`${algorithm} was not prepared.`);
    return startOther(algorithm);
  }
  blake3.reset();
  return blake3Hasher;
}

/** The digest of bytes that are all there. */
export function digestOf(bytes: Buffer, algorithm: DigestAlgorithm): Digest {
  const hasher = startHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest();
}

const ZEROS = Buffer.alloc(1 << 20);

/** Adds `length` zero bytes, as a hole reads. */
export function hashZeros(hasher: ContentHasher, length: number): void {
  for (let left = length; left > 0; left -= ZEROS.length) hasher.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
}
