import { ERRNO, errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

/**
 * copy_file_range(2). Raw: bytes copied, 0 at the end of the source, or -1. Offsets are the address of an int64 that the kernel moves on,
 * or null for the file's own position. The kernel may clone the range instead where the file system can (XFS, btrfs, NFS).
 */
const copyFileRange = bindCall<
  (sourceFd: number, sourceOffset: Pointer, targetFd: number, targetOffset: Pointer, length: number, flags: number) => number
>('copy_file_range', 'intptr_t copy_file_range(int, void*, int, void*, size_t, unsigned int)', { x64: 326, arm64: 285 });

const offsets = new NativeBuffer(16);
/** The kernel's own limit for one call, rounded down to whole pages. */
const LARGEST_CALL = 0x7ffff000;

/** Errors that mean that these two files cannot be copied this way, and reading and writing may work (copy_file_range(2)). */
const CANNOT = new Set([ERRNO.EXDEV, ERRNO.ENOSYS, ERRNO.EINVAL, ERRNO.ENOTSUP, ERRNO.ETXTBSY, ERRNO.EPERM]);

/**
 * Copies a range inside the kernel. Returns the bytes copied: fewer than `length` at the end of the source; 0 at once may also come from
 * file systems that make their content up (procfs), so check it against a read. Undefined: not possible between these files, nothing was copied.
 * @throws SystemCallError
 */
export function copyRangeFully(
  sourceFd: number,
  sourceOffset: number,
  targetFd: number,
  targetOffset: number,
  length: number,
): number | undefined {
  offsets.bytes.writeBigInt64LE(BigInt(sourceOffset), 0);
  offsets.bytes.writeBigInt64LE(BigInt(targetOffset), 8);
  let done = 0;
  while (done < length) {
    const step = Math.min(length - done, LARGEST_CALL);
    const count = copyFileRange(sourceFd, offsets.address, targetFd, offsets.address + 8, step, 0);
    if (count === 0) break;
    if (count > 0) {
      done += count;
      continue;
    }
    const failure = errno();
    if (failure === ERRNO.EINTR) continue;
    if (done === 0 && CANNOT.has(failure)) return undefined;
    throw new SystemCallError('copy_file_range', failure);
  }
  return done;
}
