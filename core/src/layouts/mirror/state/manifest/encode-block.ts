import { crc32 } from 'node:zlib';
import { packColumn } from './column-codec.ts';
import { BLOCK_HEAD_BYTES, BLOCK_MARK, CHECKSUM_BYTES, columnNames, type ColumnName } from './manifest-layout.ts';
import { mixRecords } from './mix-records.ts';

export type RawColumns = Readonly<Record<ColumnName, Uint8Array>>;

export interface EncodedBlock {
  /** To be written one after the other. */
  readonly parts: readonly Uint8Array[];
  /** Of the block and of everything before it. */
  readonly checksum: number;
}

/** The stored form of a block. `checksum` is that of everything before: so a block that is lost, doubled or moved is noticed. */
export function encodeBlock(number: number, rows: number, columns: RawColumns, checksum: number): EncodedBlock {
  const mixed = { ...columns, destinationStats: mixRecords(columns.destinationStats, columns.stats) };
  const stored = columnNames.map((name) => packColumn(mixed[name]));
  const head = Buffer.alloc(BLOCK_HEAD_BYTES + CHECKSUM_BYTES);
  head.writeUInt32LE(BLOCK_MARK, 0);
  head.writeUInt32LE(number, 4);
  head.writeUInt32LE(rows, 8);
  columnNames.forEach((name, index) => {
    head.writeUInt32LE(stored[index]?.length ?? 0, 12 + index * 8);
    head.writeUInt32LE(mixed[name].length, 16 + index * 8);
  });
  const afterHead = crc32(head.subarray(0, BLOCK_HEAD_BYTES), checksum);
  head.writeUInt32LE(afterHead, BLOCK_HEAD_BYTES);
  const afterColumns = stored.reduce((sum, column) => crc32(column, sum), afterHead);
  const tail = Buffer.alloc(CHECKSUM_BYTES);
  tail.writeUInt32LE(afterColumns);
  return { parts: [head, ...stored, tail], checksum: afterColumns };
}
