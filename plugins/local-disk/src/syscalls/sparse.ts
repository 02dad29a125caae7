import { check, ERRNO, errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';

/** lseek(2). Raw: the new position, or -1. */
export const lseek = bindCall<(fd: number, offset: number, whence: number) => number>(
  'lseek',
  'int64_t lseek(int, int64_t, int)',
);

/** `whence` of lseek(2). DATA and HOLE move on to the next byte inside data or a hole; the end of the file counts as a hole. */
export const SEEK_SET = 0;
const SEEK_DATA = 3;
export const SEEK_HOLE = 4;

/** ftruncate(2). Raw: 0 or -1. Growing leaves a hole. */
export const ftruncate = bindCall<(fd: number, length: number) => number>('ftruncate', 'int ftruncate(int, int64_t)');

/** fallocate(2). Raw: 0 or -1. */
export const fallocate = bindCall<(fd: number, mode: number, offset: number, length: number) => number>(
  'fallocate',
  'int fallocate(int, int, int64_t, int64_t)',
);

/** Modes of fallocate(2). A punched hole must go with KEEP_SIZE. */
export const FALLOC_FL_KEEP_SIZE = 1;
const FALLOC_FL_PUNCH_HOLE = 2;

/** Turns a range into a hole; the size stays. @throws SystemCallError: ENOTSUP where the file system cannot */
export function punchHole(fd: number, offset: number, length: number): void {
  check(fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, length), 'fallocate');
}

/** A stretch of data: bytes from `start` up to, not including, `end`. */
export interface DataRange {
  start: number;
  end: number;
}

/**
 * Finds the first stretch of data at or after `from`, ending at `size` at the latest. Without support for holes all is data.
 * Moves the file's position. @returns undefined when only holes follow
 * @throws SystemCallError
 */
export function findData(fd: number, from: number, size: number): DataRange | undefined {
  if (from >= size) return undefined;
  const start = lseek(fd, from, SEEK_DATA);
  if (start < 0) {
    const failure = errno();
    if (failure === ERRNO.ENXIO) return undefined;
    if (failure === ERRNO.EINVAL || failure === ERRNO.ENOTSUP) return { start: from, end: size };
    throw new SystemCallError('lseek', failure);
  }
  if (start >= size) return undefined;
  const hole = lseek(fd, start, SEEK_HOLE);
  // ENXIO: the file shrank in between; what is left of the range will read as its end.
  if (hole < 0 && errno() !== ERRNO.ENXIO) throw new SystemCallError('lseek', errno());
  return { start, end: hole < 0 ? size : Math.min(hole, size) };
}
