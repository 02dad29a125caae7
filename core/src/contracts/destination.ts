import type { ByteRange, CallOptions, Digest, DigestAlgorithm } from './call-options.ts';
import type { DestinationCapabilities } from './capabilities.ts';
import type { Content } from './content.ts';
import type { EntryKind } from './entry.ts';
import type { RelPath } from './rel-path.ts';
import type { TreeIdentity } from './source.ts';

/** Facts about a destination, read when it is opened. */
export interface DestinationTraits {
  /** What a person calls it: an absolute path or URL, without secrets. */
  readonly displayName: string;
  /** A write replaces an object in one step; where false the core stages under another name and moves. */
  readonly atomicReplace: boolean;
  readonly caseSensitive: boolean;
  /** Names come back in another Unicode form than they were given. */
  readonly normalises: boolean;
  /** Times are kept to multiples of this many nanoseconds; 0n where it keeps none. */
  readonly mtimeResolutionNs: bigint;
  /** Bytes of the longest key, and of the longest segment of one. */
  readonly maxKeyBytes: number;
  readonly maxSegmentBytes: number;
  /** Characters that no segment may hold. */
  readonly forbiddenCharacters: string;
  /** Calls at once that it serves well. */
  readonly maxConnections: number;
  /** Largest object, bytes; undefined where there is no limit. */
  readonly maxObjectBytes?: bigint;
  readonly identity?: TreeIdentity;
  /** Real absolute path of the root where it is on this machine. */
  readonly localRoot?: string;
}

/** What is known of an object without reading it. */
export interface ObjectInfo {
  readonly key: RelPath;
  readonly kind: EntryKind;
  /** Bytes; 0n for what holds none. */
  readonly size: bigint;
  readonly mtimeNs?: bigint;
  /** Changes whenever the object does (an ETag, inode and ctime); never a hash of the content. */
  readonly version?: string;
  /** Digests that the write computed while the bytes passed, or that the destination proved. */
  readonly digests?: readonly Digest[];
}

export interface ReadOptions extends CallOptions {
  readonly range?: ByteRange;
}

export interface WriteOptions extends CallOptions {
  readonly mtimeNs?: bigint;
  /** Compute these while the bytes pass. */
  readonly digests?: readonly DigestAlgorithm[];
  /** Where the destination stages, called with what was staged before it is published; a rejection discards it. */
  readonly verify?: (staged: StagedObject) => Promise<void>;
}

export interface StagedObject {
  readonly size: bigint;
  read(options: ReadOptions): AsyncIterable<Uint8Array>;
}

/**
 * Somewhere bytes can be kept under keys. Five operations and the capabilities that it has; `local-disk` is the example to read.
 * All rejections are HoldfastError, but for the reason of an aborted signal. Keys are RelPaths; a destination that cannot hold a name
 * rejects with `name-not-allowed`. Disposing it twice is no error.
 */
export interface Destination extends AsyncDisposable {
  readonly traits: DestinationTraits;
  readonly capabilities: DestinationCapabilities;
  /** Resolves with undefined for a missing key; never rejects for that. Does not follow symbolic links. */
  stat(key: RelPath, options: CallOptions): Promise<ObjectInfo | undefined>;
  /** The bytes of an object or a range of it; a range past the end gives what there is. Rejects with `not-found`. */
  read(key: RelPath, options: ReadOptions): AsyncIterable<Uint8Array>;
  /**
   * Resolves once the whole object is visible to read and list, never a part. A rejected or aborted write leaves the old object,
   * or none. Missing parents are made. Content that gives more or fewer bytes than its size rejects with `source-changed`; writing
   * where a directory is rejects with `is-directory`, and below what is none with `not-a-directory`.
   */
  write(key: RelPath, content: Content, options: WriteOptions): Promise<ObjectInfo>;
  /** Makes everything written before it durable. Layouts call it before they write anything that refers to those objects. */
  flush(options: CallOptions): Promise<void>;
  /** Removes an object (or an empty directory). Removing a missing key resolves. A directory that is not empty rejects with `is-directory`. */
  remove(key: RelPath, options: CallOptions): Promise<void>;
  /** Every object below `prefix` once (directories too where there are any), in any order, in bounded memory. A missing prefix lists nothing. */
  list(prefix: RelPath, options: CallOptions): AsyncIterable<readonly ObjectInfo[]>;
}
