import { untilZero } from './c-string.ts';
import { ERRNO, errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

/** Linux 4.18; linux/btrfs.h, btrfs-ioctl(2). */
const BTRFS_IOC_GET_SUBVOL_ROOTREF = 0xd000943d;
const BTRFS_IOC_INO_LOOKUP_USER = 0xd000943e;

type Ioctl = (fd: number, request: number, args: Pointer) => number;
const rootrefIoctl = bindCall<Ioctl>('get_subvol_rootref', 'int ioctl(int, unsigned long, void*)');
const lookupIoctl = bindCall<Ioctl>('ino_lookup_user', 'int ioctl(int, unsigned long, void*)');

/** struct btrfs_ioctl_get_subvol_rootref_args: min_treeid, 255 times (treeid, dirid), 64 bits each; number of them, 8 bits. */
const refs = new NativeBuffer(4096);
const MOST_REFS = 255;
const COUNT_AT = 8 + 16 * MOST_REFS;
/** struct btrfs_ioctl_ino_lookup_user_args: dirid, treeid (64 bits each), name (256 bytes), path of its directory with a final slash. */
const lookup = new NativeBuffer(4096);
const NAME_AT = 16;
const PATH_AT = NAME_AT + 256;

/**
 * Paths of the subvolumes that lie directly in an open one, relative to it; not of those that lie in these.
 * @param subvolumeFd the root of a subvolume @throws SystemCallError: ENOTTY before Linux 4.18
 */
export function listChildSubvolumes(subvolumeFd: number): Buffer[] {
  const children: Buffer[] = [];
  refs.bytes.fill(0);
  for (;;) {
    const failure = rootrefIoctl(subvolumeFd, BTRFS_IOC_GET_SUBVOL_ROOTREF, refs.address) < 0 ? errno() : 0;
    // There are more: the kernel has set where to go on.
    if (failure !== 0 && failure !== ERRNO.EOVERFLOW) throw new SystemCallError('ioctl(BTRFS_IOC_GET_SUBVOL_ROOTREF)', failure);
    for (let index = 0; index < (refs.bytes[COUNT_AT] ?? 0); index++) {
      const child = pathOf(subvolumeFd, 8 + 16 * index);
      if (child !== undefined) children.push(child);
    }
    if (failure === 0) return children;
  }
}

/** Undefined for one that was removed meanwhile. */
function pathOf(subvolumeFd: number, at: number): Buffer | undefined {
  lookup.bytes.fill(0);
  lookup.bytes.writeBigUInt64LE(refs.bytes.readBigUInt64LE(at + 8), 0);
  lookup.bytes.writeBigUInt64LE(refs.bytes.readBigUInt64LE(at), 8);
  if (lookupIoctl(subvolumeFd, BTRFS_IOC_INO_LOOKUP_USER, lookup.address) === 0)
    return Buffer.concat([untilZero(lookup.bytes.subarray(PATH_AT)), untilZero(lookup.bytes.subarray(NAME_AT, PATH_AT))]);
  if (errno() === ERRNO.ENOENT) return undefined;
  throw new SystemCallError('ioctl(BTRFS_IOC_INO_LOOKUP_USER)', errno());
}
