import type { DigestAlgorithm } from '@holdfast/core/plugin';
import type { WantedStat } from '../store/apply-metadata.ts';
import type { FailureNote } from '../store/failure-note.ts';
import type { Preserve } from '../store/store-options.ts';

/** Main thread and workers of one run of a batch. Names and paths are bytes, so that workers need not load the core. */
export interface BatchContext {
  /** Of the destination's root; stays open until the run has ended. */
  readonly rootFd: number;
  /** What temporary names begin with; a number follows. */
  readonly tempPrefix: Uint8Array;
  readonly preserve: Preserve;
}

/** Instead of the number of a temporary directory. */
export const MUST_EXIST = -1;
export const MAKE_NOW = -2;

/** What to do with one entry of a group. */
export const GroupOp = {
  file: 1,
  special: 2,
  metadata: 3,
  compareContent: 4,
  compareMetadata: 5,
  inspect: 6,
  inspectDigest: 7,
  content: 8,
} as const;

/** `expected` holds this many numbers for each entry: device, inode, size, ctime in nanoseconds (in two's
 * complement; UNKNOWN_TIME where not known). */
export const EXPECTED_NUMBERS = 4;
export const UNKNOWN_TIME = 2n ** 63n;

/** Entries of one directory, in columns. */
export interface Group {
  /** Path of the directory at the destination. */
  readonly directory: Uint8Array;
  /**
   * Number of the temporary directory that stands for `directory` until it is published, should `directory` not exist. Without one:
   * MUST_EXIST or MAKE_NOW.
   */
  readonly stage: number;
  /** Absolute path of the source's root, and the directory below it. */
  readonly sourceRoot: Uint8Array;
  readonly sourceDirectory: Uint8Array;
  /** `GroupOp` of each entry; absent where all are files. */
  readonly ops?: Uint8Array;
  /** Names at the destination, each with a zero byte behind it. */
  readonly names: Uint8Array;
  /** Where they are others. */
  readonly sourceNames?: Uint8Array;
  readonly expected: BigUint64Array | PackedExpected;
  readonly digest?: DigestAlgorithm;
  /** What the entries are to be, where that came with them. */
  readonly contents?: GroupContents;
  /** Entry `i` is made under the temporary name of number `firstTemp + i`, where it needs one. */
  readonly firstTemp: number;
}

export interface GroupContents {
  readonly entries: readonly EntryContent[];
  /** The bytes of all files. */
  readonly memory: Uint8Array;
}

/** What an entry is to be. */
export interface EntryContent {
  /** S_IFMT bits. */
  readonly type: number;
  /** Of a file: where its bytes lie in `GroupContents.memory`. */
  readonly offset: number;
  readonly length: number;
  readonly stat: WantedStat;
  /** Names with a zero byte behind them; absent: they stay as they are made. */
  readonly xattrs?: readonly (readonly [name: Uint8Array, value: Uint8Array])[];
  readonly flags?: number;
  /** Of a symbolic link. */
  readonly target?: Uint8Array;
  /** dev_t of a device. */
  readonly device?: bigint;
}

/** What is expected of files that came packed: for each a record (`StatField`), all on one device. */
export interface PackedExpected {
  readonly stats: Uint8Array;
  readonly device: bigint;
}

/** What happened to an entry: `failed`, `done` for good, or `made` and waiting for its name. */
export const EntryStatus = { failed: 0, done: 1, made: 2 } as const;
export const EntryFlag = {
  equal: 1,
  torn: 2,
  hasDigest: 4,
  fromMedium: 8,
  fromDroppedCache: 16,
  displaced: 32,
  isBare: 64,
} as const;
/** `CopyMethod` by its code. */
export const methodCodes = ['none', 'read-write', 'reflink', 'in-kernel', 'patched'] as const;

/** Results of a group, in columns. */
export interface GroupAnswer {
  /** The entries lie under their own names in the temporary directory `stage`. */
  readonly staged: boolean;
  /** Memory of all columns. */
  readonly memory: ArrayBuffer;
  readonly status: Uint8Array;
  readonly flags: Uint8Array;
  readonly methods: Uint8Array;
  /** RECORD_WORDS for each entry; final for entries that are `done`, and for staged ones. */
  readonly stats: Uint32Array;
  /** Digests, as many bytes each as the algorithm's; absent where none was asked for. */
  readonly digests: Uint8Array | undefined;
  /** Bytes read and written, a pair for each entry. */
  readonly bytes: Float64Array;
  /** SOURCE_TIME_WORDS for each entry that was stored or got metadata. */
  readonly sourceTimes: Uint32Array;
  readonly failures: readonly (readonly [index: number, failure: FailureNote])[];
  readonly notKept: readonly (readonly [index: number, names: readonly string[]])[];
  /** Inode flags to set when the entry has its name. */
  readonly lateFlags: readonly (readonly [index: number, flags: number])[];
}

/** First part: makes everything under temporary names. */
export interface CopyRequest {
  readonly kind: 'copy';
  readonly context: BatchContext;
  readonly groups: readonly Group[];
  /** Each file is made durable by itself before the answer. */
  readonly durable: boolean;
  /** Progress is told piece by piece. */
  readonly watched: boolean;
  /** Bytes that may move; the copy waits for more. One Int32, notified. */
  readonly credit?: Int32Array<SharedArrayBuffer>;
}
export type CopyAnswer = readonly GroupAnswer[];

/** Sent while a watched copy goes on: bytes moved since the last one. */
export interface CopyProgress {
  readonly moved: number;
}

/** Second part, once all is on the disk: directories get their names. In tree order. */
export interface DirectoriesRequest {
  readonly kind: 'directories';
  readonly context: BatchContext;
  readonly directories: readonly NewDirectory[];
}
export interface NewDirectory {
  readonly path: Uint8Array;
  /** -1 where there is no temporary directory for it. */
  readonly stage: number;
  /** It was asked for: what has its name and is no directory makes way. */
  readonly replace: boolean;
  readonly displaceTo?: Uint8Array;
}
export interface DirectoryAnswer {
  readonly failure?: FailureNote;
  /** Everything made in the temporary directory has its name now; else it must be moved out one by one. */
  readonly renamed: boolean;
  readonly displaced: boolean;
  readonly stat: Uint8Array | undefined;
}

/** Third part: entries get their names. */
export interface PublishRequest {
  readonly kind: 'publish';
  readonly context: BatchContext;
  readonly groups: readonly PublishGroup[];
}
export interface PublishGroup {
  readonly directory: Uint8Array;
  /** -1: they lie in `directory` under temporary names; else under their names in this temporary directory. */
  readonly stage: number;
  /** The staged entries have their names already (their directory was renamed): only late flags are left to do. */
  readonly inPlace: boolean;
  readonly names: Uint8Array;
  readonly firstTemp: number;
  /** Which of the group. */
  readonly indexes: Uint32Array;
  readonly displaceTo: readonly (readonly [index: number, key: Uint8Array])[];
  readonly lateFlags: readonly (readonly [index: number, flags: number])[];
}
export interface PublishAnswer {
  /** By position in `indexes`. */
  readonly stats: Uint32Array;
  readonly failures: readonly (readonly [position: number, failure: FailureNote])[];
  readonly displaced: readonly number[];
}

/** Removes temporary names that will not be published, and empty temporary directories. */
export interface DiscardRequest {
  readonly kind: 'discard';
  readonly context: BatchContext;
  readonly groups: readonly Pick<PublishGroup, 'directory' | 'stage' | 'firstTemp' | 'indexes'>[];
}

/** Operations that are carried out one after the other. */
export interface OrderedRequest {
  readonly kind: 'ordered';
  readonly context: BatchContext;
  readonly operations: readonly OrderedOperation[];
}
export type OrderedOperation =
  | {
      readonly op: 'link';
      readonly key: Uint8Array;
      readonly existing: Uint8Array;
      readonly displaceTo?: Uint8Array;
      readonly temp: number;
    }
  | { readonly op: 'move'; readonly key: Uint8Array; readonly to: Uint8Array; readonly displaceTo?: Uint8Array }
  | { readonly op: 'remove'; readonly key: Uint8Array }
  | {
      readonly op: 'directory-metadata';
      readonly key: Uint8Array;
      readonly sourceRoot: Uint8Array;
      readonly sourcePath: Uint8Array;
      readonly dev: bigint;
      readonly ino: bigint;
    };
export interface OrderedAnswer {
  readonly failure?: FailureNote;
  readonly stat?: Uint8Array;
  readonly sourceTimes?: Uint8Array;
  readonly displaced?: boolean;
  readonly notKept?: readonly string[];
}

export type BatchRequest = CopyRequest | DirectoriesRequest | PublishRequest | DiscardRequest | OrderedRequest;
