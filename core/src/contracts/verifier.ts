import type { CallOptions, Digest } from './call-options.ts';
import type { Content } from './content.ts';
import type { Destination } from './destination.ts';
import type { RelPath } from './rel-path.ts';

export type VerifyMethod = 'size' | 'digest' | 'readback';

export interface VerifyExpectation {
  readonly key: RelPath;
  readonly size: bigint;
  readonly digest?: Digest;
  /** What to compare with byte for byte. */
  readonly content?: Content;
}

export interface VerifyOutcome {
  readonly ok: boolean;
  /** What proved it (or disproved it). */
  readonly method: VerifyMethod;
  /** Why not, in words for people. */
  readonly reason?: string;
}

/** Proves that what is at a destination is what was meant to be there. */
export interface Verifier {
  readonly method: VerifyMethod;
  verify(expected: VerifyExpectation, destination: Destination, options: CallOptions): Promise<VerifyOutcome>;
}
