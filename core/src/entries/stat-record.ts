/** Bytes of one record of EntryBlock.stats. */
export const STAT_BYTES = 88;

/**
 * Offsets in a record, little endian. Times are as statx(2) gives them: i64 seconds, u32 nanoseconds, u32 zero.
 * Directories have size and nlink 0: both change without the directory being another.
 */
export const StatField = {
  /** u8, an index of `kindCodes`. */
  kind: 0,
  /** u8, bits of `StatFlag`. */
  flags: 1,
  /** u32, permission bits with setuid, setgid, sticky. */
  mode: 4,
  uid: 8,
  gid: 12,
  /** u64 bytes. */
  size: 16,
  mtime: 24,
  ctime: 40,
  /** u64. */
  ino: 56,
  /** u32 major, u32 minor of a device node. */
  rdev: 64,
  /** u32. */
  nlink: 72,
  /** u32 sector size of an image. */
  sectorSize: 76,
  /** 8 bytes, zero. */
  reserved: 80,
} as const;

/** Which fields of a record are known. */
export const StatFlag = { identity: 1, mode: 2, owner: 4, mtime: 8 } as const;

/** Kinds by their code in a record; 0 is none. */
export const kindCodes = [
  undefined,
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'char-device',
  'block-device',
  'image',
] as const;

export const KIND_FILE = 1;
export const KIND_DIRECTORY = 2;
export const KIND_SYMLINK = 3;
export const KIND_IMAGE = 8;
