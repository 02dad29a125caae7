import type { Verifier, VerifyMethod } from '../contracts/verifier.ts';
import { digestVerifier } from './verify-digest.ts';
import { readbackVerifier } from './verify-readback.ts';
import { sizeVerifier } from './verify-size.ts';

/** The verifiers that come with Holdfast, by what they prove. */
export const verifiers: Readonly<Record<VerifyMethod, Verifier>> = {
  size: sizeVerifier,
  digest: digestVerifier,
  readback: readbackVerifier,
};
