import { check } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

const FS_IOC_GETFLAGS = 0x80086601;
const FS_IOC_SETFLAGS = 0x40086602;

type Ioctl = (fd: number, request: number, argument: Pointer) => number;
const getFlagsIoctl = bindCall<Ioctl>('getflags', 'int ioctl(int, unsigned long, void*)');
const setFlagsIoctl = bindCall<Ioctl>('setflags', 'int ioctl(int, unsigned long, void*)');

/** Flags of ioctl_iflags(2) and chattr(1) (linux/fs.h). */
export const INODE_FLAG = {
  /** s */ SECURE_DELETE: 0x1,
  /** u */ UNDELETE: 0x2,
  /** c */ COMPRESS: 0x4,
  /** S */ SYNC: 0x8,
  /** i: nobody changes, renames, links or removes it */ IMMUTABLE: 0x10,
  /** a: only grows */ APPEND: 0x20,
  /** d */ NODUMP: 0x40,
  /** A */ NOATIME: 0x80,
  /** m: btrfs, never compressed */ NOCOMPRESS: 0x400,
  /** E */ ENCRYPT: 0x800,
  /** j */ JOURNAL_DATA: 0x4000,
  /** t */ NOTAIL: 0x8000,
  /** D: directories, changes are synchronous */ DIRSYNC: 0x10000,
  /** T */ TOPDIR: 0x20000,
  /** e: ext4, kept by the file system */ EXTENT: 0x80000,
  /** V: fs-verity, cannot be cleared */ VERITY: 0x100000,
  /** C: btrfs, no copy on write; only on empty files */ NOCOW: 0x800000,
  /** x */ DAX: 0x2000000,
  /** N: ext4, data inside the inode */ INLINE_DATA: 0x10000000,
  /** P */ PROJECT_INHERIT: 0x20000000,
  /** F */ CASEFOLD: 0x40000000,
} as const;

/** The flags that a copy can set on its files: the others describe how a file system stores a file, or cannot be set one by one. */
export const SETTABLE_INODE_FLAGS =
  INODE_FLAG.SECURE_DELETE |
  INODE_FLAG.UNDELETE |
  INODE_FLAG.COMPRESS |
  INODE_FLAG.SYNC |
  INODE_FLAG.IMMUTABLE |
  INODE_FLAG.APPEND |
  INODE_FLAG.NODUMP |
  INODE_FLAG.NOATIME |
  INODE_FLAG.NOCOMPRESS |
  INODE_FLAG.JOURNAL_DATA |
  INODE_FLAG.NOTAIL |
  INODE_FLAG.DIRSYNC |
  INODE_FLAG.TOPDIR |
  INODE_FLAG.NOCOW |
  INODE_FLAG.DAX |
  INODE_FLAG.PROJECT_INHERIT;

/** Flags after which a file refuses changes: set last, and cleared before a file is changed or removed. Need CAP_LINUX_IMMUTABLE. */
export const LOCKING_INODE_FLAGS = INODE_FLAG.IMMUTABLE | INODE_FLAG.APPEND;
/** Flags that work only on files without data: set right after creating. */
export const EARLY_INODE_FLAGS = INODE_FLAG.NOCOW | INODE_FLAG.COMPRESS | INODE_FLAG.NOCOMPRESS;

const flags = new NativeBuffer(8);

/** FS_IOC_GETFLAGS of an open file or directory (not of an O_PATH one). Raw: the flags, or -1: ENOTTY or ENOTSUP where there are none. */
export function getInodeFlags(fd: number): number {
  return getFlagsIoctl(fd, FS_IOC_GETFLAGS, flags.address) < 0 ? -1 : flags.bytes.readUInt32LE(0);
}

/**
 * FS_IOC_SETFLAGS. Raw: 0 or -1: EPERM without the capability, ENOTSUP for a flag that this file system lacks. Sets all flags at once: pass the
 * present ones with those of {@link SETTABLE_INODE_FLAGS} exchanged.
 */
export function setInodeFlags(fd: number, value: number): number {
  flags.bytes.writeUInt32LE(value >>> 0, 0);
  return setFlagsIoctl(fd, FS_IOC_SETFLAGS, flags.address);
}

/** Gives the flags in `mask` the values that they have in `wanted`; the rest stays. @throws SystemCallError */
export function changeInodeFlags(fd: number, wanted: number, mask: number): void {
  const present = check(getInodeFlags(fd), 'ioctl(FS_IOC_GETFLAGS)');
  const next = (present & ~mask) | (wanted & mask);
  if (next !== present) check(setInodeFlags(fd, next), 'ioctl(FS_IOC_SETFLAGS)');
}
