import { STAT_BYTES } from '../../../../entries/stat-record.ts';
import { unpackColumn } from './column-codec.ts';
import type { ManifestBlock } from './manifest-block.ts';
import { columnNames, type ColumnName, MAX_BLOCK_ROWS, MAX_COLUMN_BYTES } from './manifest-layout.ts';
import { mixRecords } from './mix-records.ts';
import { StoredBlock } from './stored-block.ts';

export interface BlockHead {
  readonly number: number;
  readonly rows: number;
  /** Stored bytes and bytes of each column, in the order of `columnNames`. */
  readonly sizes: readonly { readonly stored: number; readonly length: number }[];
  /** Sum of the stored bytes. */
  readonly storedBytes: number;
}

/** Reads a block's head, after its checksum was found right. Throws a RangeError for sizes that no block has. */
export function decodeHead(head: DataView): BlockHead {
  const rows = head.getUint32(8, true);
  const sizes = columnNames.map((_, index) => ({
    stored: head.getUint32(12 + index * 8, true),
    length: head.getUint32(16 + index * 8, true),
  }));
  for (const { stored, length } of sizes) {
    if (length > MAX_COLUMN_BYTES || stored > length) throw new RangeError('A column has an impossible size.');
  }
  if (rows === 0 || rows > MAX_BLOCK_ROWS) throw new RangeError('A block has an impossible number of rows.');
  return { number: head.getUint32(4, true), rows, sizes, storedBytes: sizes.reduce((sum, { stored }) => sum + stored, 0) };
}

/** The block of a head and its stored columns. Throws a RangeError where a column does not fit the number of rows. */
export function decodeBlock(head: BlockHead, columns: Uint8Array): ManifestBlock {
  let start = 0;
  const unpack = {} as Record<ColumnName, () => Uint8Array>;
  columnNames.forEach((name, index) => {
    const { stored, length } = head.sizes[index] ?? { stored: 0, length: 0 };
    const bytes = columns.subarray(start, start + stored);
    start += stored;
    unpack[name] = () => unpackColumn(bytes, length);
  });
  const stats = unpack.stats();
  const difference = unpack.destinationStats();
  const rowFlags = unpack.rowFlags();
  if (stats.length !== head.rows * STAT_BYTES || difference.length !== stats.length || rowFlags.length !== head.rows) {
    throw new RangeError('A column does not have one record for each row.');
  }
  return new StoredBlock({
    count: head.rows,
    names: unpack.names(),
    stats,
    targets: unpack.targets(),
    destinationStats: mixRecords(difference, stats),
    rowFlags,
    movedFrom: unpack.movedFrom(),
    extras: unpack.extras,
  });
}
