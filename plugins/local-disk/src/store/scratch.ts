import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { Times } from '../syscalls/times.ts';

/**
 * Bytes that are read and written at once; workers look at the abort flag in between. Larger pieces make the page cache look for larger
 * stretches of free memory, which takes several times as long once memory is in pieces.
 */
export const PIECE_BYTES = 1 << 18;

/**
 * Memory of this thread that is used again for every entry, since what works here is synchronous: nothing of it may be kept
 * over an entry, nor over an `await`.
 */
export const scratch = {
  piece: new NativeBuffer(PIECE_BYTES),
  otherPiece: new NativeBuffer(PIECE_BYTES),
  /** What the source is. */
  source: new StatxRecord(),
  /** What is at the destination. */
  target: new StatxRecord(),
  /** For questions in between. */
  other: new StatxRecord(),
  times: new Times(),
} as const;
