/**
 * The record of `StatField` in 32-bit words. Stated here once more, because a scan thread must be ready soon and loading the core would
 * take it longer than loading all that it needs; a test holds the two against each other.
 */
export const RECORD_WORD = { mode: 1, uid: 2, gid: 3, size: 4, mtime: 6, ctime: 10, ino: 14, rdev: 16, nlink: 18 } as const;

/** Words of a record. */
export const RECORD_WORDS = 22;

/** `StatFlag`s identity, mode, owner and mtime, in the second byte of the first word. */
export const RECORD_FLAGS_KNOWN = 0x0f << 8;

/** In the same byte, within the scan only: a directory that takes part only when something below it does. */
export const RECORD_FLAG_DEFERRED = 0x80 << 8;
