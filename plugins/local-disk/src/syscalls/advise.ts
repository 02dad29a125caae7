import { bindCall } from './libc.ts';

/** posix_fadvise(2). Returns 0 or the errno itself (positive); advice that a file does not take is no failure. Length 0: to the end. */
export const posixFadvise = bindCall<(fd: number, offset: number, length: number, advice: number) => number>(
  'posix_fadvise',
  'int posix_fadvise(int, int64_t, int64_t, int)',
);

/** Read ahead twice as far. */
export const POSIX_FADV_SEQUENTIAL = 2;
/** Start reading these pages now. */
export const POSIX_FADV_WILLNEED = 3;
/** Drop clean pages of this range from the cache, so that a backup does not push out what programs use. */
export const POSIX_FADV_DONTNEED = 4;
