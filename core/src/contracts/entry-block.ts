/**
 * Consecutive entries of a scan in tree order, packed column by column (all integers little endian).
 *
 * Packed so that a million entries cross threads, are compared with an earlier run and are written to a manifest as bytes:
 * equal runs of two streams are equal bytes. `EntryCursor` reads a stream of blocks, `EntryBlockBuilder` makes one from entries.
 */
export interface EntryBlock {
  /** Entries in this block, at least 1. */
  readonly count: number;
  /**
   * For each entry: u16 depth (the root is 0), u16 length of its name, the bytes of its name. A block may begin at any depth;
   * the path of an entry is its name below the last entry before it, in the stream, whose depth is one less.
   */
  readonly names: Uint8Array;
  /** For each entry a record of STAT_BYTES bytes, laid out as `StatField` says. */
  readonly stats: Uint8Array;
  /** For each symbolic link, in order: u32 length, the bytes of its target. */
  readonly targets: Uint8Array;
  /** `st_dev` of the entries, unless `devices` says otherwise; 0 where the source has none. */
  readonly device: bigint;
  /** `st_dev` of each entry; absent where all of them are on `device`. Not part of `stats`: it changes when a disk is mounted again. */
  readonly devices?: BigUint64Array;
}
