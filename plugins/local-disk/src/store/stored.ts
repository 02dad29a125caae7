import type { CopyMethod, Digest } from '@holdfast/core/plugin';

/** What the scan saw of a source; `dev` and `ino` prove that it is the same file. */
export interface Expected {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  /** undefined: unknown, so that nothing can be taken for unchanged since. */
  readonly ctimeNs: bigint | undefined;
}

/** How an entry was made. Its record is in `scratch.target`. */
export interface Stored {
  readonly method: CopyMethod;
  readonly digest?: Digest | undefined;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly torn?: boolean;
  readonly notKept: readonly string[];
  /** The source has neither extended attributes nor inode flags. */
  readonly isBare: boolean;
  /** Inode flags that would be in the way of giving it its name: to be set after that. */
  readonly lateFlags?: number | undefined;
}
