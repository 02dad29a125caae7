import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Level 1: manifests are written by every run and read by the next one; smaller ones cost more time than they save. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** Below this many bytes a frame costs more time than its bytes are worth. */
const SMALLEST_FRAME = 256;
const empty = new Uint8Array(0);

/**
 * The bytes that are stored for a column. A reader tells by the two lengths which it is: as many bytes as the column has: the column
 * itself; none: a column of zeros; fewer: a zstd frame (RFC 8878).
 */
export function packColumn(column: Uint8Array): Uint8Array {
  if (isZero(column)) return empty;
  if (column.length < SMALLEST_FRAME) return column;
  // With the size known, the compressor takes tables of that size instead of those for a stream without end.
  const frame = zstdCompressSync(column, { chunkSize: column.length + 1024, pledgedSrcSize: column.length, params });
  // A copy: the frame lies in memory of the column's size, which would stay as long as the frame does.
  return frame.length < column.length ? new Uint8Array(frame) : column;
}

/** The column of `length` bytes that was stored as `stored`. Throws a RangeError when the frame holds another number of bytes, and zlib's error for a damaged frame. */
export function unpackColumn(stored: Uint8Array, length: number): Uint8Array {
  if (stored.length === length) return stored;
  if (stored.length === 0) return new Uint8Array(length);
  const column = zstdDecompressSync(stored, { chunkSize: Math.max(length, 1024), maxOutputLength: length });
  if (column.length !== length) throw new RangeError(`A column has ${String(column.length)} bytes instead of ${String(length)}.`);
  return column;
}

function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte !== 0) return false;
  }
  return true;
}
