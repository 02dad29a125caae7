import type { EntryBlock, Selection } from '@holdfast/core/plugin';
import type { FailureNote } from '../store/failure-note.ts';

/** Inode and device of a directory in 32-bit words: inode low, inode high, device major, device minor. */
export type DirectoryIdentity = readonly [number, number, number, number];

/** A directory that was met, and how to find it again. */
export interface DirectoryRef {
  /** Bytes of its path below the root of the scan; empty for the root. */
  readonly path: Uint8Array;
  /** The root's is 0. */
  readonly depth: number;
  /** Another directory at `path` is not the one that was met. */
  readonly identity: DirectoryIdentity;
}

/** Entries of a scan that nobody has read yet: what is in one directory, or some of its names and what is below them. */
export interface Hole {
  readonly directory: DirectoryRef;
  /** Sorted names: for each its type (`DT`), its bytes and a zero byte. Absent: the directory has yet to be listed. */
  readonly names?: Uint8Array;
  /** How many names, and how many of them are directories. */
  readonly nameCount: number;
  readonly directoryCount: number;
}

/** A stretch of the scan: entries, or a hole where more of them belong. */
export type ScanPart = EntryBlock | Hole;

export function isHole(part: ScanPart): part is Hole {
  return 'directory' in part;
}

/** What does not change from task to task of one scan. */
export interface ScanRules {
  /** Differs between scans, so that a thread knows when to compile the selection again. */
  readonly scanId: number;
  readonly selection: Selection;
  /** Whether `selection` leaves anything out, other than by `oneFileSystem` and `includeState`. */
  readonly filtered: boolean;
  /** Directories on another device than this are left empty; absent: every directory is entered. Major and minor. */
  readonly onlyDevice?: readonly [number, number];
  /** Leave out `.holdfast` in the root even without a mirror's record in it. */
  readonly stateAtRoot: boolean;
  readonly limits: ScanLimits;
}

/** Sizes, apart from the rules of what is read, so that tests can make everything happen in small trees. */
export interface ScanLimits {
  readonly entriesPerBlock: number;
  /** A task stops soon after this many entries and leaves holes. */
  readonly entriesPerTask: number;
  /** Directories that a task holds open, one below the other; those below become holes. */
  readonly openDirectories: number;
  /** No entry is deeper. */
  readonly maxDepth: number;
  /** Bytes of blocks that may wait for the consumer before no further task starts. */
  readonly bytesAhead: number;
}

export const defaultLimits: ScanLimits = {
  entriesPerBlock: 1_000,
  entriesPerTask: 2_000,
  openDirectories: 48,
  maxDepth: 65_534,
  bytesAhead: 32 * 1024 * 1024,
};

export interface ScanRequest {
  readonly rules: ScanRules;
  /** Stays open until the task has ended. */
  readonly rootFd: number;
  /** In tree order. */
  readonly holes: readonly Hole[];
  /** Entries after which to stop; what is left becomes holes. */
  readonly budget: number;
  /** How many entries a directory holds, from what the scan has seen: for cutting what is left into pieces of equal work. */
  readonly entriesPerDirectory: number;
}

/** A `ScanSkip` in the making: the main thread finds the words. */
export interface PathSkip {
  readonly path: Uint8Array;
  readonly note: FailureNote;
  readonly subtree: boolean;
}

export interface ScanResponse {
  /** In tree order; together they are what the holes of the request stood for. */
  readonly parts: readonly ScanPart[];
  readonly entryCount: number;
  readonly directoryCount: number;
  readonly excluded: number;
  readonly skips: readonly PathSkip[];
  /** Paths of temporary names. */
  readonly leftovers: readonly Uint8Array[];
}
