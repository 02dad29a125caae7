import type {
  BatchOperation,
  BatchOptions,
  BatchResult,
  StoreContentOperation,
  StoredFiles,
  StoreFilesOperation,
} from './batch.ts';
import type { ByteRange, CallOptions, Digest, DigestAlgorithm } from './call-options.ts';
import type { Content, LocalFile } from './content.ts';
import type { Entry, EntryMetadata } from './entry.ts';
import type { RelPath } from './rel-path.ts';
import type { EntryBatch, ScanOptions } from './source.ts';

/**
 * What a destination can do beyond its five operations. A capability is the object that does the work: present means supported,
 * so no separate flag can disagree with it.
 */
export interface DestinationCapabilities {
  readonly directories?: DirectoryCapability;
  readonly metadata?: MetadataCapability;
  readonly links?: LinkCapability;
  /** Fifos, sockets and devices. */
  readonly special?: SpecialCapability;
  /**
   * Renames on the destination itself; replaces what `to` held in one step. Rejects with `not-found` when `from` is missing. Parents of
   * `to` are made. A directory goes with all that is in it, and takes the place of an empty directory only.
   */
  readonly move?: (from: RelPath, to: RelPath, options: CallOptions) => Promise<void>;
  /** Copies an object on the destination itself; replaces what `to` held. Rejects with `not-found` when `from` is missing. */
  readonly copy?: (from: RelPath, to: RelPath, options: CallOptions) => Promise<void>;
  /** Shares the blocks of a local file (FICLONE, clonefile). Resolves with false where the two cannot share. */
  readonly cloneFrom?: (local: LocalFile, key: RelPath, options: CallOptions) => Promise<boolean>;
  /** The ranges of a sparse object that hold data, ascending, not overlapping. Fails with `not-found`. */
  readonly extents?: (key: RelPath, options: CallOptions) => AsyncIterable<ByteRange>;
  readonly patch?: PatchCapability;
  /** A digest computed where the bytes are, without sending them back. */
  readonly digests?: DigestCapability;
  readonly createOnly?: CreateOnlyCapability;
  readonly retention?: RetentionCapability;
  readonly batch?: BatchCapability;
  readonly packedBatch?: PackedBatchCapability;
  readonly contentBatch?: ContentBatchCapability;
  readonly usage?: UsageCapability;
  readonly lock?: LockCapability;
}

export interface DirectoryCapability {
  /** Makes a directory and its missing parents; resolves when it is already there. */
  create(key: RelPath, options: CallOptions): Promise<void>;
  /** Everything below `root` in tree order, as a source gives it: paths are relative to `root`, which comes first. What a mirror is compared with. */
  scan(root: RelPath, options: ScanOptions): AsyncIterable<EntryBatch>;
}

export interface MetadataCapability {
  /** Applies mode, owner, times, xattrs and flags to what is at `key` (never through a symbolic link). Resolves with the names of the fields it could not keep: `mode`, `owner`, `mtime` (and atime), `xattr:NAME`, `flags`. */
  apply(key: RelPath, entry: Entry, metadata: EntryMetadata, options: CallOptions): Promise<readonly string[]>;
  read(key: RelPath, options: CallOptions): Promise<EntryMetadata>;
}

export interface LinkCapability {
  symlink(key: RelPath, target: string, options: CallOptions): Promise<void>;
  /** Makes `key` another name of `existing`. Rejects with `not-found`, and with `exists` where `key` holds something. */
  hardLink(existing: RelPath, key: RelPath, options: CallOptions): Promise<void>;
}

export interface SpecialCapability {
  create(key: RelPath, entry: Entry, options: CallOptions): Promise<void>;
}

/** Changes part of a large object. The live key is unchanged until `commit`. */
export interface PatchCapability {
  begin(key: RelPath, base: RelPath | undefined, options: CallOptions): Promise<Patch>;
}

export interface Patch {
  writeAt(offset: bigint, bytes: Uint8Array): Promise<void>;
  setSize(size: bigint): Promise<void>;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export interface DigestCapability {
  readonly algorithms: readonly DigestAlgorithm[];
  compute(key: RelPath, algorithm: DigestAlgorithm, options: CallOptions): Promise<Digest>;
}

export interface CreateOnlyCapability {
  /** Writes only where nothing is: of two at once exactly one gets `created` (conditional put, O_EXCL). */
  create(key: RelPath, content: Content, options: CallOptions): Promise<'created' | 'exists'>;
}

export interface RetentionCapability {
  /** Nobody can remove or change the object before `until`. Rejects with `not-found`. */
  protectUntil(key: RelPath, until: Date, options: CallOptions): Promise<void>;
}

export interface UsageCapability {
  usage(options: CallOptions): Promise<Usage>;
}

export interface Usage {
  readonly totalBytes: bigint;
  readonly freeBytes: bigint;
  /** undefined where the destination makes inodes as needed. */
  readonly freeInodes?: bigint;
}

export interface LockCapability {
  /** Takes the only lock of this name. Rejects with `locked` and the holder's note when another process has it. Freed when disposed, and when the process dies. */
  acquire(key: RelPath, note: string, options: CallOptions): Promise<AsyncDisposable>;
}

export interface BatchCapability {
  /** Carries out many small operations at once; answers in any order, each operation once. An operation that fails does not end the others. */
  run(operations: AsyncIterable<readonly BatchOperation[]>, options: BatchOptions): AsyncIterable<readonly BatchResult[]>;
}

/** For destinations that have a batch too. */
export interface PackedBatchCapability {
  /** As `BatchCapability.run`, and takes packed operations besides. */
  run(
    operations: AsyncIterable<readonly (BatchOperation | StoreFilesOperation)[]>,
    options: BatchOptions,
  ): AsyncIterable<readonly (BatchResult | StoredFiles)[]>;
}

/** For what comes from elsewhere than this machine, in pieces that fit into memory. */
export interface ContentBatchCapability {
  /** Makes many entries at once; answers in any order, each operation once. One that fails does not end the others. */
  run(operations: AsyncIterable<readonly StoreContentOperation[]>, options: BatchOptions): AsyncIterable<readonly BatchResult[]>;
}
