import { untilZero } from './c-string.ts';
import { check, ERRNO, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';
import { statFd } from './stat.ts';
import { readFileSystemStatus } from './statfs.ts';
import { StatxRecord } from './statx-record.ts';

/** Subvolumes of btrfs: ioctls of linux/btrfs.h, btrfs-subvolume(8). */
const BTRFS_IOC_SUBVOL_CREATE = 0x5000940e;
const BTRFS_IOC_SNAP_DESTROY = 0x5000940f;
const BTRFS_IOC_SNAP_CREATE_V2 = 0x50009417;

const BTRFS_SUBVOL_RDONLY = 2n;
/** Inode number of the root of every subvolume. */
const BTRFS_FIRST_FREE_OBJECTID = 256n;

type Ioctl = (fd: number, request: number, args: Pointer) => number;
const createIoctl = bindCall<Ioctl>('subvol_create', 'int ioctl(int, unsigned long, void*)');
const snapshotIoctl = bindCall<Ioctl>('snap_create', 'int ioctl(int, unsigned long, void*)');
const destroyIoctl = bindCall<Ioctl>('snap_destroy', 'int ioctl(int, unsigned long, void*)');

/** struct btrfs_ioctl_vol_args: fd (64 bits), name. struct btrfs_ioctl_vol_args_v2: fd, transid, flags, 32 bytes, name. */
const args = new NativeBuffer(4096);
const NAME_AT = 8;
const NAME_AT_V2 = 56;
const NAME_MAX = 255;
const record = new StatxRecord();

function fillArgs(nameAt: number, name: Uint8Array, fd = 0, flags = 0n): number {
  const text = untilZero(name);
  if (text.length > NAME_MAX) throw new SystemCallError('ioctl', ERRNO.ENAMETOOLONG, name);
  args.bytes.fill(0);
  args.bytes.writeBigInt64LE(BigInt(fd), 0);
  if (nameAt === NAME_AT_V2) args.bytes.writeBigUInt64LE(flags, 16);
  args.bytes.set(text, nameAt);
  return args.address;
}

/** Whether an open directory is the root of a btrfs subvolume (or snapshot), which alone can be frozen. @throws SystemCallError */
export function isSubvolumeRoot(fd: number): boolean {
  statFd(fd, record);
  return record.ino === BTRFS_FIRST_FREE_OBJECTID && readFileSystemStatus(fd).name === 'btrfs';
}

/** Makes an empty subvolume `name` in an open directory. @throws SystemCallError */
export function createSubvolume(directoryFd: number, name: Uint8Array): void {
  check(createIoctl(directoryFd, BTRFS_IOC_SUBVOL_CREATE, fillArgs(NAME_AT, name)), 'ioctl(BTRFS_IOC_SUBVOL_CREATE)', name);
}

/**
 * Makes a snapshot that cannot be written, named `name` in an open directory of the same file system. Subvolumes nested in the original
 * show as empty directories.
 * @param subvolumeFd the root of a subvolume
 * @throws SystemCallError: EINVAL when it is not the root of one, EXDEV for another file system
 */
export function createReadOnlySnapshot(subvolumeFd: number, directoryFd: number, name: Uint8Array): void {
  const filled = fillArgs(NAME_AT_V2, name, subvolumeFd, BTRFS_SUBVOL_RDONLY);
  check(snapshotIoctl(directoryFd, BTRFS_IOC_SNAP_CREATE_V2, filled), 'ioctl(BTRFS_IOC_SNAP_CREATE_V2)', name);
}

/** Removes the subvolume or snapshot `name` with all that is in it. @throws SystemCallError */
export function destroySubvolume(directoryFd: number, name: Uint8Array): void {
  check(destroyIoctl(directoryFd, BTRFS_IOC_SNAP_DESTROY, fillArgs(NAME_AT, name)), 'ioctl(BTRFS_IOC_SNAP_DESTROY)', name);
}
