import type { Polynomial } from '../chunker/polynomial.ts';
import type { ChunkLimits } from '../chunker/chunk-limits.ts';
import type { BlobType } from './blob-type.ts';
import type { MasterKey } from '../format/crypto/master-key.ts';

/** Tasks that a worker holds at once: while it asks about the chunks of one, it reads the next. */
export const SLOTS = 2;

/** What a thread is started with. */
export interface WorkerSettings {
  readonly masterKey: MasterKey;
  readonly polynomial: Polynomial;
  readonly limits: ChunkLimits;
  readonly packBytes: number;
  /** Level of zstd; undefined in repositories of version 1, which know no compression. */
  readonly treeLevel: number | undefined;
  /** The same for data, where also the user may want none. */
  readonly dataLevel: number | undefined;
}

/** A file of this machine for a thread to open: LocalFile in plain data. */
export interface FileToOpen {
  readonly root: string;
  readonly path: string;
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Times of a file's inode, in ns since 1970, and its size in bytes, before it was read. */
export interface FileState {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Descriptors belong to the process, so that any thread can go on where another was. */
export interface OpenFile {
  readonly fd: number;
  readonly state: FileState;
}

/** What became of one file of a batch. Its chunks are the next `chunks` ones of the task. */
export type FileReport =
  | { readonly kind: 'read'; readonly chunks: number; readonly size: number; readonly state: FileState; readonly isTorn: boolean }
  /** It has grown and does not fit any more. */
  | { readonly kind: 'too-large' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A HoldfastError as plain data. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Main thread to worker. Every `task` holds one slot of the worker until it is answered with `sealed`. */
export type ToWorker =
  | { readonly kind: 'files'; readonly task: number; readonly files: readonly FileToOpen[] }
  /** A piece of a large file from `position` on, where a chunk begins. `open` comes from the piece before. */
  | {
      readonly kind: 'piece';
      readonly task: number;
      readonly file: FileToOpen;
      readonly open: OpenFile | undefined;
      readonly position: number;
    }
  /** A piece of a stream, in memory that belongs to the main thread again with `cut`. */
  | { readonly kind: 'stream'; readonly task: number; readonly bytes: Uint8Array; readonly isLast: boolean }
  /** Blobs that are wanted as they are, one after the other. */
  | {
      readonly kind: 'blobs';
      readonly task: number;
      readonly type: BlobType;
      readonly bytes: Uint8Array;
      readonly lengths: Uint32Array;
      readonly ids: Uint8Array;
    }
  /** Which chunks of a `hashed` to store: one byte for each, 1 for wanted. */
  | { readonly kind: 'verdict'; readonly task: number; readonly wanted: Uint8Array }
  | { readonly kind: 'buffer'; readonly buffer: ArrayBuffer }
  /** Finish the open packs. */
  | { readonly kind: 'flush' };

/** Worker to main thread. */
export type FromWorker =
  /** Comes before `hashed`, for every piece of a stream and every one of a file that another follows: bytes of the piece up to where that begins. */
  | { readonly kind: 'cut'; readonly task: number; readonly end: number; readonly open: OpenFile | undefined }
  | {
      readonly kind: 'hashed';
      readonly task: number;
      readonly ids: Uint8Array;
      readonly lengths: Uint32Array;
      readonly reports: readonly FileReport[];
    }
  | { readonly kind: 'sealed'; readonly task: number }
  | { readonly kind: 'need-buffer' }
  | { readonly kind: 'pack'; readonly pack: FinishedPack }
  | { readonly kind: 'flushed' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A pack as it goes to the repository, with what its header says. */
export interface FinishedPack {
  /** SHA-256 of `bytes`. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: BlobType;
  /** 32 bytes for each blob, in the order in which they lie in the pack. */
  readonly blobIds: Uint8Array;
  /** Bytes that each takes in the pack. */
  readonly lengths: Uint32Array;
  /** Bytes that each has when decompressed; 0 for one that is not compressed. */
  readonly uncompressedLengths: Uint32Array;
}
