import type { ByteRange, CallOptions } from './call-options.ts';
import type { Content } from './content.ts';
import type { EntryBlock } from './entry-block.ts';
import type { Entry, EntryMetadata } from './entry.ts';
import type { RelPath } from './rel-path.ts';
import type { Selection } from './selection.ts';

/** An entry that a scan met and could not deal with. `code` is one of the error table's. */
export interface ScanSkip {
  readonly path: RelPath;
  readonly code: string;
  readonly message: string;
  /** The directory's entries are unknown: nothing below it may be taken for deleted. */
  readonly subtree: boolean;
}

export interface ScanOptions extends CallOptions {
  readonly selection: Selection;
  /** Called for each entry that cannot be read; never silently left out. */
  readonly onSkip: (skip: ScanSkip) => void;
  /** Called with what the selection left out; a directory that was left out counts once. */
  readonly onExclude: (count: number) => void;
  /** Called for each temporary name that an interrupted run left; it is not part of the scan. */
  readonly onLeftover?: (path: RelPath) => void;
}

/** Part of a scan: plain entries, or packed ones where the source can make them cheaply. */
export type EntryBatch = readonly Entry[] | EntryBlock;

/** Facts about a source, read when it is opened. */
export interface SourceTraits {
  /** The same numbers name the same file in the next run: inode and ctime take part in change detection. */
  readonly stableIdentity: boolean;
  /** Which tree this is: compared with the last run, so that an unmounted disk is noticed. */
  readonly identity?: TreeIdentity;
  /** What a person calls it: an absolute path or URL. */
  readonly displayName: string;
  /** Real absolute path of the tree's root where it is on this machine. */
  readonly localRoot?: string;
  /** The same directory, where every file lies in it at its own path: then files may be copied packed, without a `Content` of their own. */
  readonly filesRoot?: string;
}

/** Names a tree across runs: the file system's UUID (or what stands for it) and the inode of the tree's root. */
export interface TreeIdentity {
  readonly fileSystemId: string;
  readonly fileSystemType: string;
  readonly rootIno: bigint;
}

export interface Source extends AsyncDisposable {
  readonly traits: SourceTraits;
  /**
   * Every entry once, in tree order: the root first, siblings by the bytes of their names, a directory right before its
   * children; the core rejects any other order. At most 1,000 entries in a batch. What cannot be read goes to `onSkip`.
   * `metadata` need hold only what comes with listing (mode, owner, mtime); `describe` gives the rest.
   */
  scan(options: ScanOptions): AsyncIterable<EntryBatch>;
  /** Everything to be kept of these entries, in their order: also what `scan` left out for speed (xattrs, atime, birth time, flags). */
  describe(entries: readonly Entry[], options: CallOptions): Promise<readonly EntryMetadata[]>;
  /** The bytes of a file or image. For what has none, a content of 0 bytes whose `local` still tells where it lies on this machine. */
  content(entry: Entry): Content;
  /** The ranges of a sparse file or image that hold data, ascending, not overlapping. */
  extents?(entry: Entry, options: CallOptions): AsyncIterable<ByteRange>;
  /** Many ranges in the order that this source prefers. */
  readMany?(ranges: readonly RangeRequest[], options: CallOptions): AsyncIterable<RangeAnswer>;
}

export interface RangeRequest {
  readonly entry: Entry;
  readonly range: ByteRange;
}

export interface RangeAnswer {
  /** Which of the requests. */
  readonly index: number;
  readonly offset: bigint;
  readonly bytes: Uint8Array;
  /** Why nothing more of this request comes; the others are not concerned. `code` is one of the error table's. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}
