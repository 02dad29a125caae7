import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';
import { NativeBuffer } from './native-buffer.ts';

const FICLONE = 0x40049409;
const FICLONERANGE = 0x4020940d;

const ficloneIoctl = bindCall<(targetFd: number, request: number, sourceFd: number) => number>(
  'ficlone',
  'int ioctl(int, unsigned long, long)',
);
const ficloneRangeIoctl = bindCall<(targetFd: number, request: number, range: Pointer) => number>(
  'ficlonerange',
  'int ioctl(int, unsigned long, void*)',
);

/** struct file_clone_range: source descriptor, source offset, length, target offset, 64 bits each. */
const range = new NativeBuffer(32);

/**
 * ioctl_ficlone(2): the target becomes a copy of the source that shares its blocks. Raw: 0 or -1: ENOTSUP, EXDEV, EINVAL or ENOTTY where
 * these two files cannot share. Keeps holes; copies no metadata.
 */
export function ficlone(targetFd: number, sourceFd: number): number {
  return ficloneIoctl(targetFd, FICLONE, sourceFd);
}

/** ioctl_ficlonerange(2). Raw: 0 or -1. Offsets in whole blocks; length 0 means up to the end of the source, which alone may be no whole block. */
export function ficloneRange(
  targetFd: number,
  targetOffset: number,
  sourceFd: number,
  sourceOffset: number,
  length: number,
): number {
  range.bytes.writeBigInt64LE(BigInt(sourceFd), 0);
  range.bytes.writeBigInt64LE(BigInt(sourceOffset), 8);
  range.bytes.writeBigInt64LE(BigInt(length), 16);
  range.bytes.writeBigInt64LE(BigInt(targetOffset), 24);
  return ficloneRangeIoctl(targetFd, FICLONERANGE, range.address);
}
