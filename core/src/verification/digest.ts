import { createHash } from 'node:crypto';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import type { Digest, DigestAlgorithm } from '../contracts/call-options.ts';
import { Crc32c } from './crc32c.ts';
import { Crc64Nvme } from './crc64-nvme.ts';

/** A digest in the making. `digest()` ends it. */
export interface DigestStream {
  update(bytes: Uint8Array): void;
  digest(): Digest;
}

/** Starts a digest. Values have 32 bytes for blake3 and sha256, 20 for sha1, 16 for md5, 4 for crc32c and 8 for crc64nvme. */
export function createDigest(algorithm: DigestAlgorithm): DigestStream {
  const running = starters[algorithm]();
  return { update: (bytes) => running.update(bytes), digest: () => ({ algorithm, value: running.value() }) };
}

/** Digest of bytes at hand. */
export function digestBytes(algorithm: DigestAlgorithm, bytes: Uint8Array): Digest {
  const stream = createDigest(algorithm);
  stream.update(bytes);
  return stream.digest();
}

/** Digest of all of `chunks`. */
export async function digestOf(chunks: AsyncIterable<Uint8Array>, algorithm: DigestAlgorithm): Promise<Digest> {
  return (await measureChunks(chunks, algorithm)).digest;
}

/** Digest of all of `chunks`, and how many bytes they were. */
export async function measureChunks(
  chunks: AsyncIterable<Uint8Array>,
  algorithm: DigestAlgorithm,
): Promise<{ digest: Digest; size: bigint }> {
  const stream = createDigest(algorithm);
  let size = 0;
  for await (const chunk of chunks) {
    stream.update(chunk);
    size += chunk.length;
  }
  return { digest: stream.digest(), size: BigInt(size) };
}

/** Whether two digests are of one algorithm and equal. */
export function equalDigests(a: Digest, b: Digest): boolean {
  return a.algorithm === b.algorithm && Buffer.compare(a.value, b.value) === 0;
}

/** `algorithm:hexadecimal`, for messages and records. */
export function formatDigest(digest: Digest): string {
  return `${digest.algorithm}:${Buffer.from(digest.value).toString('hex')}`;
}

interface Running {
  update(bytes: Uint8Array): void;
  value(): Uint8Array;
}

const starters: Readonly<Record<DigestAlgorithm, () => Running>> = {
  blake3: () => {
    const hasher = new Blake3Hasher();
    return { update: (bytes) => void hasher.update(asBuffer(bytes)), value: () => hasher.digestBuffer() };
  },
  sha256: () => startHash('sha256'),
  sha1: () => startHash('sha1'),
  md5: () => startHash('md5'),
  crc32c: () => startCrc(new Crc32c()),
  crc64nvme: () => startCrc(new Crc64Nvme()),
};

function startHash(name: string): Running {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), value: () => hash.digest() };
}

function startCrc(crc: Crc32c | Crc64Nvme): Running {
  return { update: (bytes) => crc.update(bytes), value: () => crc.value() };
}

/** The same memory: the library takes Buffers only. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
