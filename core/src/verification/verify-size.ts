import type { CallOptions } from '../contracts/call-options.ts';
import type { Destination } from '../contracts/destination.ts';
import type { Verifier, VerifyExpectation, VerifyOutcome } from '../contracts/verifier.ts';

/** Proves that an object of the right size is there, and nothing of its bytes. */
export const sizeVerifier: Verifier = {
  method: 'size',
  async verify(expected: VerifyExpectation, destination: Destination, options: CallOptions): Promise<VerifyOutcome> {
    const info = await destination.stat(expected.key, options);
    if (info === undefined) return { ok: false, method: 'size', reason: 'it is not there' };
    if (info.kind !== 'file' && info.kind !== 'image') return { ok: false, method: 'size', reason: `a ${info.kind} is there` };
    if (info.size === expected.size) return { ok: true, method: 'size' };
    return { ok: false, method: 'size', reason: `it has ${info.size} bytes instead of ${expected.size}` };
  },
};
