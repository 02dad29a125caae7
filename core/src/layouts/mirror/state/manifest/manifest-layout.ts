/** Sizes and marks of a manifest file; docs/formats/manifest.md describes it for other programs. */

/** First bytes of the file. Changes when a transfer converts line ends or strips the eighth bit. */
export const magic = Uint8Array.of(0x89, 0x48, 0x46, 0x4d, 0x46, 0x0d, 0x0a, 0x1a);
export const FORMAT_VERSION = 1;
/** Magic, u32 version, u32 length of the JSON text. */
export const PREAMBLE_BYTES = 16;
export const CHECKSUM_BYTES = 4;

/** "HBLK" and "HEND", little endian. */
export const BLOCK_MARK = 0x4b4c4248;
export const END_MARK = 0x444e4548;

/** Columns in the order in which a block stores them. */
export const columnNames = ['names', 'stats', 'targets', 'destinationStats', 'rowFlags', 'movedFrom', 'extras'] as const;
export type ColumnName = (typeof columnNames)[number];

/** u32 mark, u32 number of the block, u32 rows, then for each column u32 stored bytes and u32 bytes. */
export const BLOCK_HEAD_BYTES = 12 + columnNames.length * 8;
/** u32 mark, u32 blocks, u64 rows. */
export const END_BYTES = 16;

/** No block that is written comes near these; a reader refuses more before it makes room for it. */
export const MAX_HEADER_BYTES = 1 << 20;
export const MAX_BLOCK_ROWS = 1 << 16;
export const MAX_COLUMN_BYTES = 1 << 28;

/** A block ends early when its texts and extras come to this many bytes, so that memory stays bounded with large attributes. */
export const FULL_BLOCK_BYTES = 1 << 20;

export interface ManifestHeader {
  readonly kind: 'base' | 'delta';
  readonly runId: string;
  /** The run whose state a delta changes; null for the first run. */
  readonly parentRunId: string | null;
  /** Algorithms of the digests among the extras that this run computed. */
  readonly digests: readonly string[];
}
