import type { FailureNote } from '../store/failure-note.ts';
import type { RawMetadata } from './raw-metadata.ts';

export interface DescribeRequest {
  /** Stays open until the task has ended. */
  readonly rootFd: number;
  /** Bytes of paths below the root, each followed by a zero byte. */
  readonly paths: Uint8Array;
}

export interface DescribeResponse {
  /** In the order of the paths; fewer of them where one failed. */
  readonly described: readonly RawMetadata[];
  /** Why the one after them cannot be described. */
  readonly failure?: FailureNote;
}
