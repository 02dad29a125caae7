import type { CallOptions, Digest, DigestAlgorithm } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Verifier, VerifyExpectation, VerifyOutcome } from '../contracts/verifier.ts';
import { digestOf, equalDigests, formatDigest, measureChunks } from './digest.ts';
import { sizeVerifier } from './verify-size.ts';

/**
 * Proves the bytes by a digest, which the destination computes where they are if it can, and which is computed over what is read back
 * otherwise. Without an expected digest that of `content` is taken; without either only the size is proved, and the answer says so.
 */
export const digestVerifier: Verifier = {
  method: 'digest',
  async verify(expected: VerifyExpectation, destination: Destination, options: CallOptions): Promise<VerifyOutcome> {
    const bySize = await sizeVerifier.verify(expected, destination, options);
    if (!bySize.ok) return bySize;
    const wanted = expected.digest ?? (expected.content && (await contentDigest(expected.content, destination, options)));
    if (wanted === undefined) return bySize;
    const { size, digest } = await digestThere(expected.key, wanted.algorithm, destination, options);
    if (size !== undefined && size !== expected.size) {
      return { ok: false, method: 'digest', reason: `${size} bytes could be read back instead of ${expected.size}` };
    }
    if (equalDigests(digest, wanted)) return { ok: true, method: 'digest' };
    return { ok: false, method: 'digest', reason: `its digest is ${formatDigest(digest)} instead of ${formatDigest(wanted)}` };
  },
};

/** The algorithm to compare with a destination in: one that it computes by itself, else the fastest. */
export function comparableAlgorithm(destination: Destination): DigestAlgorithm {
  const offered = destination.capabilities.digests?.algorithms ?? [];
  return preferred.find((algorithm) => offered.includes(algorithm)) ?? 'blake3';
}

/** The strongest first. */
const preferred: readonly DigestAlgorithm[] = ['blake3', 'sha256', 'sha1', 'md5', 'crc64nvme', 'crc32c'];

function contentDigest(content: Content, destination: Destination, options: CallOptions): Promise<Digest> {
  return digestOf(content.open(options.signal === undefined ? {} : { signal: options.signal }), comparableAlgorithm(destination));
}

async function digestThere(
  key: RelPath,
  algorithm: DigestAlgorithm,
  destination: Destination,
  options: CallOptions,
): Promise<{ digest: Digest; size: bigint | undefined }> {
  const { digests } = destination.capabilities;
  if (digests?.algorithms.includes(algorithm) === true)
    return { digest: await digests.compute(key, algorithm, options), size: undefined };
  return measureChunks(destination.read(key, options), algorithm);
}
