import type { ByteRange, CallOptions } from './call-options.ts';
import type { RelPath } from './rel-path.ts';

/** A file of this machine, named so that a worker thread can open it and prove that it is the one that was scanned. */
export interface LocalFile {
  /** Absolute path of the tree's root directory, lossless like RelPath. */
  readonly root: string;
  /** Where the file is below `root`. */
  readonly path: RelPath;
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Bytes that can be opened again: a retry starts over. */
export interface Content {
  /** Bytes; undefined only for pipes. */
  readonly size: bigint | undefined;
  /** The same string means the same bytes: what a resumed upload relies on. */
  readonly version?: string;
  /** Where the bytes lie on this machine, for destinations that can copy or clone without passing them through this thread. */
  readonly local?: LocalFile;
  /** Opens the content from its start, or the range of it. Rejects with `source-changed` when the bytes are no longer those that were scanned. */
  open(options: CallOptions & { readonly range?: ByteRange }): AsyncIterable<Uint8Array>;
}
