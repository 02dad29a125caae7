import type { DiskEnvironment } from '../disk-environment.ts';

/** What a batch needs of its destination. */
export interface BatchEnvironment extends DiskEnvironment {
  /** Of the destination's root; stays open until the run has ended. */
  readonly rootFd: number;
}
