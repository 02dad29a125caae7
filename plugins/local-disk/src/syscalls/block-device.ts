import { check } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

/** ioctl requests of linux/fs.h. */
const BLKGETSIZE64 = 0x80081272;
const BLKSSZGET = 0x1268;

type Ioctl = (fd: number, request: number, argument: Pointer) => number;
const sizeIoctl = bindCall<Ioctl>('blkgetsize64', 'int ioctl(int, unsigned long, void*)');
const sectorSizeIoctl = bindCall<Ioctl>('blksszget', 'int ioctl(int, unsigned long, void*)');

const answer = new NativeBuffer(8);

/** Bytes of an open block device. @throws SystemCallError: ENOTTY when it is none */
export function readBlockDeviceSize(fd: number): number {
  check(sizeIoctl(fd, BLKGETSIZE64, answer.address), 'ioctl(BLKGETSIZE64)');
  return Number(answer.bytes.readBigUInt64LE(0));
}

/** Bytes of a logical sector, the smallest unit that O_DIRECT can address. @throws SystemCallError: ENOTTY when it is no block device */
export function readSectorSize(fd: number): number {
  check(sectorSizeIoctl(fd, BLKSSZGET, answer.address), 'ioctl(BLKSSZGET)');
  return answer.bytes.readInt32LE(0);
}
