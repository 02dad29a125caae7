import type { ErrorCode } from '../errors/error-table.ts';
import type { CallName } from '../layers/call-table.ts';

/** What goes wrong. Byte counts are of the stream that a `read` answers, or of the content that a call stores. */
export type FaultEffect =
  /** The call does nothing and rejects. */
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly retryAfterMs?: number }
  /** The call does all of its work, and then rejects. */
  | { readonly kind: 'error-after'; readonly code: ErrorCode }
  /** The call does nothing and never answers, until its signal aborts. */
  | { readonly kind: 'hang' }
  /** The stream gives so many bytes and then fails. */
  | { readonly kind: 'break'; readonly afterBytes: number; readonly code: ErrorCode }
  /** The stream gives so many bytes and then ends as if that were all. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** All bits of one byte are turned. A write still answers with the digests of what it was given. */
  | { readonly kind: 'flip'; readonly atByte: number }
  /** The call begins after so long. */
  | { readonly kind: 'slow'; readonly ms: number };

/** A fault and the calls that it befalls. All conditions that are given must hold. */
export interface Fault {
  /** `batch.operation` is one operation of a batch: `error` and `error-after` only. */
  readonly call: CallName | 'batch.operation' | '*';
  /** The call's key. */
  readonly key?: string;
  /** The first of the matching calls that it befalls, from 1; 1 where absent. */
  readonly nth?: number;
  /** How many of them; all from `nth` on where absent. */
  readonly times?: number;
  /** Befalls a matching call with this chance, of 0 to 1. */
  readonly chance?: number;
  readonly effect: FaultEffect;
}

/** Plain data, so that it can be written into a test's report and be replayed. */
export interface FaultScript {
  /** Of the chances. */
  readonly seed?: number;
  readonly faults: readonly Fault[];
}

/** One call that reached a FaultyDestination. */
export interface CountedCall {
  readonly call: CallName | 'batch.operation';
  readonly key: string;
}
