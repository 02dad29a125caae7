import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import {
  EARLY_INODE_FLAGS,
  getInodeFlags,
  LOCKING_INODE_FLAGS,
  setInodeFlags,
  SETTABLE_INODE_FLAGS,
} from '../syscalls/inode-flags.ts';

/** Errors of the flag requests that mean that there are none, not that flag, or not for us. */
const REFUSALS = new Set([ERRNO.ENOTTY, ERRNO.ENOTSUP, ERRNO.ENOSYS, ERRNO.EINVAL, ERRNO.EPERM, ERRNO.EACCES]);

/** The flags that a copy can keep of an open file or directory; 0 where its file system has none. */
export function readKeepableFlags(fd: number): number {
  const flags = getInodeFlags(fd);
  return flags < 0 ? 0 : flags & SETTABLE_INODE_FLAGS;
}

/** Sets those of `wanted` that must be set while a file is empty. What fails here is told by `applyFlags`. */
export function applyEarlyFlags(fd: number, wanted: number): void {
  if ((wanted & EARLY_INODE_FLAGS) !== 0) exchangeFlags(fd, wanted, EARLY_INODE_FLAGS);
}

/** Gives an open file or directory exactly the flags `wanted`, as the very last change. False when not all could be set. @throws SystemCallError */
export function applyFlags(fd: number, wanted: number): boolean {
  if (exchangeFlags(fd, wanted, SETTABLE_INODE_FLAGS)) return true;
  // One flag that the file system lacks refuses all of them: each for itself then, the locking ones last.
  for (let bit = 1; bit > 0; bit <<= 1) {
    if ((SETTABLE_INODE_FLAGS & ~LOCKING_INODE_FLAGS & bit) !== 0) exchangeFlags(fd, wanted, bit);
  }
  exchangeFlags(fd, wanted, LOCKING_INODE_FLAGS);
  return readKeepableFlags(fd) === wanted;
}

/** Takes away what keeps an open file or directory from being changed, renamed or removed. Answers whether anything was taken. */
export function unlock(fd: number): boolean {
  const flags = getInodeFlags(fd);
  if (flags < 0 || (flags & LOCKING_INODE_FLAGS) === 0) return false;
  return setInodeFlags(fd, flags & ~LOCKING_INODE_FLAGS) === 0;
}

function exchangeFlags(fd: number, wanted: number, mask: number): boolean {
  const present = getInodeFlags(fd);
  if (present < 0) return refusedOrThrow() || (wanted & mask) === 0;
  const next = (present & ~mask) | (wanted & mask);
  return next === present || setInodeFlags(fd, next) === 0 || refusedOrThrow();
}

/** False where the last error means that flags are not to be had. */
function refusedOrThrow(): false {
  const failure = errno();
  if (!REFUSALS.has(failure)) throw new SystemCallError('ioctl(FS_IOC_SETFLAGS)', failure);
  return false;
}
