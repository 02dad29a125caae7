import type { CallOptions, Digest, DigestAlgorithm } from './call-options.ts';
import type { LocalFile } from './content.ts';
import type { Entry, EntryMetadata } from './entry.ts';
import type { RelPath } from './rel-path.ts';

/** What every operation of a batch has. `id` comes back in its result. */
interface BatchOperationBase {
  readonly id: number;
  readonly key: RelPath;
}

/**
 * Makes `key` what `entry` is, from `local` on this machine: bytes and all metadata (read from `local` itself, so that also what the scan
 * left out is kept). What `key` held is linked or moved to `displaceTo` first where that is given. A directory is only made: `settle` gives it its metadata.
 */
export interface StoreOperation extends BatchOperationBase {
  readonly op: 'store';
  readonly entry: Entry;
  readonly local: LocalFile;
  readonly displaceTo?: RelPath;
}
/** Makes `key` another name of the object at `existing`. */
export interface LinkOperation extends BatchOperationBase {
  readonly op: 'link';
  readonly existing: RelPath;
  readonly displaceTo?: RelPath;
}
/** Puts mode, owner, times, xattrs and flags right from `local`, without touching the bytes. */
export interface MetadataOperation extends BatchOperationBase {
  readonly op: 'metadata';
  readonly entry: Entry;
  readonly local: LocalFile;
}
/** Renames; parents of `to` are made. `displaceTo` is where to put what is at `to`. */
export interface MoveOperation extends BatchOperationBase {
  readonly op: 'move';
  readonly to: RelPath;
  readonly displaceTo?: RelPath;
}
/** Removes what is at `key`; a directory only when it is empty. */
export interface RemoveOperation extends BatchOperationBase {
  readonly op: 'remove';
}
/** Compares the bytes (or the link's target) at `key` with those of `local`. `content` also gives the digest of what was read. */
export interface CompareOperation extends BatchOperationBase {
  readonly op: 'compare';
  readonly entry: Entry;
  readonly local: LocalFile;
  /** `content`: both are read. `metadata`: xattrs and flags only. */
  readonly what: 'content' | 'metadata';
}
/** Only reads again what is at `key` now, and with `digest` its bytes, from the medium where the system allows. */
export interface InspectOperation extends BatchOperationBase {
  readonly op: 'inspect';
  readonly digest?: DigestAlgorithm;
}

/**
 * Stores files of one directory, packed: what a first copy of a large tree consists of. As a `StoreOperation` without `displaceTo` for each of
 * them: nothing is known to be at their keys.
 */
export interface StoreFilesOperation {
  readonly op: 'store-files';
  /** `id` of each. */
  readonly ids: Float64Array;
  /** Bytes of the directory's key. */
  readonly directory: Uint8Array;
  /** Absolute path of the source tree's root, lossless like RelPath; the files lie below it at the same path as at the destination. */
  readonly localRoot: string;
  /** `st_dev` of all of them. */
  readonly device: bigint;
  /** For each a record as in EntryBlock.stats. */
  readonly stats: Uint8Array;
  /** Their names, each with a zero byte behind it. */
  readonly names: Uint8Array;
  /** Bytes that they hold in all. */
  readonly bytes: number;
}

/**
 * Makes `key` what `entry` is, with everything at hand: all metadata, and of a file the bytes, which it may take. Runs of zeros may become
 * holes. What `key` held is linked or moved to `displaceTo` first where that is given. A directory is only made: `settle` gives it its metadata.
 */
export interface StoreContentOperation extends BatchOperationBase {
  readonly op: 'store-content';
  readonly entry: Entry;
  /** Without `xattrs` those stay as the destination makes them. */
  readonly metadata: EntryMetadata;
  /** Whole; empty for what is no file. */
  readonly bytes: Uint8Array;
  readonly displaceTo?: RelPath;
}

export type BatchOperation =
  | StoreOperation
  | LinkOperation
  | MetadataOperation
  | MoveOperation
  | RemoveOperation
  | CompareOperation
  | InspectOperation;

/** How the bytes of a stored file got there. */
export type CopyMethod = 'read-write' | 'reflink' | 'in-kernel' | 'patched' | 'none';

export interface BatchResult {
  readonly id: number;
  /** Absent when it worked. Plain data: `code` of the error table, and a message for people. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** The record of what is at the key now: STAT_BYTES bytes as in EntryBlock.stats; absent for `remove` and failures. */
  readonly stat?: Uint8Array;
  readonly digest?: Digest;
  /**
   * For `store` and `metadata`: the source's access and birth time as 2 × 16 bytes (i64 seconds, u32 nanoseconds, u32 zero, little
   * endian), zeros where unknown. Recorded, because no file system lets a birth time be set.
   */
  readonly sourceTimes?: Uint8Array;
  /** For `store`: whether the source has neither extended attributes nor inode flags. Absent where that was not looked at. */
  readonly isBare?: boolean;
  readonly method?: CopyMethod;
  /** Bytes read from the source and written to the destination. */
  readonly bytesRead?: bigint;
  readonly bytesWritten?: bigint;
  /** For `compare`: whether they are equal. */
  readonly equal?: boolean;
  /** The source changed while it was read, twice: stored as it was read last. */
  readonly torn?: boolean;
  /** Names of metadata that the destination could not keep, for example `xattr:user.x`, `flags`, `owner`. */
  readonly notKept?: readonly string[];
  /** What was at the key went to `displaceTo`. */
  readonly displaced?: boolean;
  /** For `inspect` with a digest: whether it came from the medium or from the system's cache. */
  readonly readFrom?: 'medium' | 'dropped-cache' | 'cache';
}

/** Files of a `StoreFilesOperation` that were stored with nothing to remark, packed; any other gets a `BatchResult`. */
export interface StoredFiles {
  readonly ids: Float64Array;
  /** For each what `BatchResult` has as `stat`, `digest` (32 bytes, of the algorithm asked for) and `sourceTimes`, one after another. */
  readonly stats: Uint8Array;
  readonly digests: Uint8Array | undefined;
  readonly sourceTimes: Uint8Array;
  /** For each: 1 where `BatchResult.isBare` would be true. */
  readonly bare: Uint8Array;
  /** In all. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export interface BatchOptions extends CallOptions {
  /** Digest to compute over the bytes of each stored file while they pass. */
  readonly digest?: DigestAlgorithm;
  /** Workers at once; the destination chooses where absent. */
  readonly concurrency?: number;
  /** Name that temporary objects carry, so that a later run knows them: the run's id. */
  readonly runId: string;
  /** Keep numeric owner and group, and extended attributes. */
  readonly preserve: { readonly owner: boolean; readonly xattrs: boolean };
  /** Asks for leave to move so many bytes; resolves when the bandwidth limit allows. Absent: no limit. */
  readonly takeBytes?: (bytes: number) => Promise<void>;
  /** Told as bytes of an operation move, for progress of large files. */
  readonly onProgress?: (id: number, bytes: number) => void;
}
