import { ficlone } from '../syscalls/clone.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';

/** Pairs of devices between which sharing was refused as a whole: not asked for every file again. */
const refused = new Set<string>();

/** Means that no two files of these two file systems can share blocks. */
const NEVER_HERE = new Set([ERRNO.ENOTSUP, ERRNO.ENOTTY, ERRNO.EXDEV, ERRNO.ENOSYS]);
/** Means that these two files cannot, for example because one is exempt from copy-on-write, or swap. */
const NOT_THESE = new Set([ERRNO.EINVAL, ERRNO.EPERM, ERRNO.ETXTBSY, ERRNO.EACCES]);

/** Devices as dev_t. Two subvolumes of one btrfs have different numbers and can share, so only trying tells. */
function mayShare(sourceDev: bigint, targetDev: bigint): boolean {
  return refused.size === 0 || !refused.has(`${sourceDev}:${targetDev}`);
}

/**
 * Makes an empty file share the blocks of the source (ioctl_ficlone(2)). False where that is not possible.
 * @throws SystemCallError for anything else, such as ENOSPC
 */
export function shareBlocks(sourceFd: number, sourceDev: bigint, targetFd: number, targetDev: bigint): boolean {
  if (!mayShare(sourceDev, targetDev)) return false;
  if (ficlone(targetFd, sourceFd) === 0) return true;
  const failure = errno();
  if (NEVER_HERE.has(failure)) refused.add(`${sourceDev}:${targetDev}`);
  else if (!NOT_THESE.has(failure)) throw new SystemCallError('ioctl(FICLONE)', failure);
  return false;
}
