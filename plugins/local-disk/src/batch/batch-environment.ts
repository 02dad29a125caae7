import type { DiskEnvironment } from '../disk-environment.ts';

/** What a batch needs of its destination. */
export interface BatchEnvironment extends DiskEnvironment {
  /** Of the destination's root. */
  readonly rootFd: number;
  /** Aborts when the destination is closed. */
  readonly closing: AbortSignal;
  /** Keeps `rootFd` open until `work` has settled. */
  readonly holdFor: (work: Promise<unknown>) => void;
}
