import { ERRNO, errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';
import { readFileSystemStatus } from './statfs.ts';

const FS_IOC_GETFSUUID = 0x80111500;
const BTRFS_IOC_FS_INFO = 0x8400941f;

type Ioctl = (fd: number, request: number, answer: Pointer) => number;
const uuidIoctl = bindCall<Ioctl>('getfsuuid', 'int ioctl(int, unsigned long, void*)');
const btrfsInfoIoctl = bindCall<Ioctl>('btrfs_fs_info', 'int ioctl(int, unsigned long, void*)');

/** struct fsuuid2: length (8 bits), then up to 16 bytes. struct btrfs_ioctl_fs_info_args: two 64-bit words, then the UUID; 1024 bytes. */
const answer = new NativeBuffer(1024);
const UUID_BYTES = 16;
/** Errors of a kernel or file system that does not know the request. After any other the disk would be taken for another one. */
const NO_UUID = new Set([ERRNO.ENOTTY, ERRNO.EINVAL, ERRNO.ENOSYS, ERRNO.EOPNOTSUPP, ERRNO.EPERM, ERRNO.EACCES]);

/**
 * What tells this file system from others when it is mounted again: `uuid:…` as blkid shows it (btrfs; since Linux 6.9 ext4, XFS, f2fs,
 * bcachefs), else `fsid:…` from statfs(2); so an update of Linux may turn the one into the other. Undefined where there is neither, as on some
 * network file systems. Needs a descriptor opened for reading.
 * @throws SystemCallError
 */
export function identifyFileSystem(fd: number): string | undefined {
  // A file system that was made without a UUID tells one of zeros, as does every other one that was.
  const failure = uuidIoctl(fd, FS_IOC_GETFSUUID, answer.address) === 0 ? 0 : errno();
  if (failure !== 0 && !NO_UUID.has(failure)) throw new SystemCallError('ioctl(FS_IOC_GETFSUUID)', failure);
  const hasUuid = failure === 0 && answer.bytes[0] === UUID_BYTES;
  if (hasUuid && answer.bytes.subarray(1, 1 + UUID_BYTES).some((byte) => byte !== 0)) return formatUuid(1);
  const { name, fsid } = readFileSystemStatus(fd);
  if (name === 'btrfs' && btrfsInfoIoctl(fd, BTRFS_IOC_FS_INFO, answer.address) === 0) return formatUuid(16);
  return fsid === 0n ? undefined : `fsid:${fsid.toString(16).padStart(16, '0')}`;
}

function formatUuid(offset: number): string {
  const hex = answer.bytes.toString('hex', offset, offset + UUID_BYTES);
  return `uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}
