import { check } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

const FS_IOC_FIEMAP = 0xc020660b;
const fiemap = bindCall<(fd: number, request: number, map: Pointer) => number>('fiemap', 'int ioctl(int, unsigned long, void*)');

/** `flags` of an extent (linux/fiemap.h). */
export const FIEMAP_EXTENT = {
  LAST: 0x1,
  UNKNOWN: 0x2,
  DELALLOC: 0x4,
  ENCODED: 0x8,
  ENCRYPTED: 0x80,
  NOT_ALIGNED: 0x100,
  INLINE: 0x200,
  TAIL: 0x400,
  UNWRITTEN: 0x800,
  MERGED: 0x1000,
  SHARED: 0x2000,
} as const;

/** A run of blocks of a file. Bytes. Two files share data where their physical ranges are the same and neither is inline or unknown. */
export interface Extent {
  logical: number;
  physical: number;
  length: number;
  flags: number;
}

const FIEMAP_FLAG_SYNC = 1;
const HEADER_BYTES = 32;
const EXTENT_BYTES = 56;
const EXTENTS_PER_CALL = 256;
const map = new NativeBuffer(HEADER_BYTES + EXTENTS_PER_CALL * EXTENT_BYTES);

/**
 * Every extent of a file, in order, after its dirty pages were written. Source: Documentation/filesystems/fiemap.rst.
 * @throws SystemCallError: ENOTSUP on tmpfs, overlay, network file systems
 */
export function* listExtents(fd: number): Generator<Extent, void> {
  for (let start = 0; ; ) {
    const extents = readExtents(fd, start);
    for (const extent of extents) {
      yield extent;
      if ((extent.flags & FIEMAP_EXTENT.LAST) !== 0) return;
    }
    const last = extents.at(-1);
    if (last === undefined) return;
    start = last.logical + last.length;
  }
}

function readExtents(fd: number, start: number): Extent[] {
  const { bytes } = map;
  bytes.writeBigUInt64LE(BigInt(start), 0);
  bytes.writeBigInt64LE(-1n, 8);
  bytes.writeUInt32LE(FIEMAP_FLAG_SYNC, 16);
  bytes.writeUInt32LE(EXTENTS_PER_CALL, 24);
  check(fiemap(fd, FS_IOC_FIEMAP, map.address), 'ioctl(FS_IOC_FIEMAP)');
  return Array.from({ length: bytes.readUInt32LE(20) }, (_, index) => {
    const at = HEADER_BYTES + index * EXTENT_BYTES;
    const [logical, physical, length] = [0, 8, 16].map((field) => Number(bytes.readBigUInt64LE(at + field))) as [
      number,
      number,
      number,
    ];
    return { logical, physical, length, flags: bytes.readUInt32LE(at + 40) };
  });
}
