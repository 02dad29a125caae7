import type { CallOptions } from '../contracts/call-options.ts';
import type { Destination } from '../contracts/destination.ts';
import type { Verifier, VerifyExpectation, VerifyOutcome } from '../contracts/verifier.ts';
import { compareContents } from './compare-contents.ts';
import { digestVerifier } from './verify-digest.ts';
import { sizeVerifier } from './verify-size.ts';

/** Proves every byte by reading it back and comparing it with `content`; where there is no content to compare with, by the digest. */
export const readbackVerifier: Verifier = {
  method: 'readback',
  async verify(expected: VerifyExpectation, destination: Destination, options: CallOptions): Promise<VerifyOutcome> {
    const { key, size, content } = expected;
    if (content === undefined) return digestVerifier.verify(expected, destination, options);
    const bySize = await sizeVerifier.verify(expected, destination, options);
    if (!bySize.ok) return bySize;
    const comparison = await compareContents(content, destination.read(key, options), options);
    if (!comparison.equal) return { ok: false, method: 'readback', reason: `it differs at byte ${comparison.offset}` };
    if (comparison.size === size) return { ok: true, method: 'readback' };
    return { ok: false, method: 'readback', reason: `both have ${comparison.size} bytes instead of ${size}` };
  },
};
