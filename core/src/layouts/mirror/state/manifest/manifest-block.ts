import type { EntryBlock } from '../../../../contracts/entry-block.ts';

/**
 * Bits of `ManifestBlock.rowFlags`.
 *
 * A row without `deleted` and `context` is an entry as it is after the run. In a base only `torn` and `otherDevice` occur.
 * `deleted` and `replaced` say that what the run before had at this path is no longer there; `archived` or `movedAway` say where it
 * went, and neither of them that it is gone.
 */
export const RowFlag = {
  /** Delta: there is nothing at this path any more, nor below it. */
  deleted: 1,
  /** Delta: a directory that did not change, named only because rows below it follow. Its records are zero. */
  context: 2,
  /**
   * Delta: the bytes at this path are not (known to be) those of the run before. On a directory: it is another one, and nothing
   * that the run before had below this path is there any more, save for rows that follow; never for a change of metadata.
   */
  replaced: 4,
  /** Delta, with `deleted` or `replaced`: what was there is in this run's archive, under this path. */
  archived: 8,
  /** Delta, with `deleted` or `replaced`: what was there is now at another path, whose row has `movedHere`. */
  movedAway: 16,
  /** Delta: this was at another path in the run before, `movedFromAt` says which; what is below a directory came with it. */
  movedHere: 32,
  /** It changed while it was read: the bytes may be of no single moment. */
  torn: 64,
  /** It lies on another device than the directory that holds it. */
  otherDevice: 128,
} as const;

/** Flags that describe the entry, not what the run did: what stays in a base. */
export const lastingFlags = RowFlag.torn | RowFlag.otherDevice;

/** Rows in a block that is written; a block that is read may have any number from 1. */
export const ROWS_PER_BLOCK = 1000;

/** Rows of a manifest: the source's entries as a scan gives them, and what the mirror knows of each besides. */
export interface ManifestBlock extends EntryBlock {
  /** For each row the record (STAT_BYTES, as in `stats`) of what is at the destination; zeros where that is not known. */
  readonly destinationStats: Uint8Array;
  /** For each row a byte of `RowFlag` bits. */
  readonly rowFlags: Uint8Array;
  /** The column of former paths as it is stored: for each row with `movedHere`, u32 length and the bytes of a path. */
  readonly movedFrom: Uint8Array;
  /** The column of extras as it is stored: for each row u32 length and the bytes; empty when no row of the block has any. */
  extras(): Uint8Array;
  /** What `encodeExtras` made of the row; empty where it has none. The first call decodes the block's column. */
  extrasAt(index: number): Uint8Array;
  /** The bytes of the path where the row was in the run before; undefined for rows without `movedHere`. */
  movedFromAt(index: number): Uint8Array | undefined;
}
