import { check } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

/** fstatfs(2). Raw: 0 or -1. Takes O_PATH descriptors too. */
const fstatfs = bindCall<(fd: number, result: Pointer) => number>('fstatfs', 'int fstatfs(int, void*)');

/** Names of file systems by `f_type` (statfs(2), linux/magic.h). ext2, ext3 and ext4 share a number, as do all kinds of FUSE. */
const NAMES = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
  [0x794c7630, 'overlay'],
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x00c36400, 'ceph'],
  [0x5346414f, 'afs'],
  [0x01021997, '9p'],
  [0x65735546, 'fuse'],
  [0x4d44, 'vfat'],
  [0x2011bab0, 'exfat'],
  [0x7366746e, 'ntfs3'],
  [0x5346544e, 'ntfs'],
  [0xf2f52010, 'f2fs'],
  [0x2fc12fc1, 'zfs'],
  [0xca451a4e, 'bcachefs'],
  [0x482b, 'hfsplus'],
  [0x52654973, 'reiserfs'],
  [0x3153464a, 'jfs'],
  [0x3434, 'nilfs'],
  [0x73717368, 'squashfs'],
  [0xe0f5e1e2, 'erofs'],
  [0x9660, 'iso9660'],
  [0x15013346, 'udf'],
  [0xf15f, 'ecryptfs'],
  [0x187, 'autofs'],
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x1cd1, 'devpts'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup2'],
  [0x64626720, 'debugfs'],
]);

/** Flags of statfs(2) that say how it is mounted. */
const ST_RDONLY = 1;

export interface FileSystemStatus {
  /** `f_type`. */
  magic: number;
  /** Such as `ext4`; `0x…` for one that this table lacks. */
  name: string;
  blockSize: number;
  totalBytes: number;
  freeBytes: number;
  /** Without what is reserved for root. */
  availableBytes: number;
  /** 0 where inodes are made on demand (btrfs). */
  totalInodes: number;
  freeInodes: number;
  /** `f_fsid`: tells mounted file systems apart, mostly constant over mounts; zero where there is none. */
  fsid: bigint;
  longestName: number;
  isReadOnly: boolean;
}

/** struct statfs of 64-bit Linux: 64-bit fields, but f_fsid is two 32-bit words. */
const result = new NativeBuffer(128);

/** The file system that holds an open file. @throws SystemCallError */
export function readFileSystemStatus(fd: number): FileSystemStatus {
  check(fstatfs(fd, result.address), 'fstatfs');
  const field = (offset: number): number => Number(result.bytes.readBigUInt64LE(offset));
  const magic = result.bytes.readUInt32LE(0);
  // f_blocks counts in f_frsize where that is set.
  const unit = field(72) || field(8);
  return {
    magic,
    name: NAMES.get(magic) ?? `0x${magic.toString(16)}`,
    blockSize: field(8),
    totalBytes: field(16) * unit,
    freeBytes: field(24) * unit,
    availableBytes: field(32) * unit,
    totalInodes: field(40),
    freeInodes: field(48),
    fsid: result.bytes.readBigUInt64LE(56),
    longestName: field(64),
    isReadOnly: (result.bytes.readUInt32LE(80) & ST_RDONLY) !== 0,
  };
}
