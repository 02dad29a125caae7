import { ERRNO, errno } from './errno.ts';
import { bindSyscallNumber } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';
import { AT_SYMLINK_NOFOLLOW } from './open-flags.ts';
import { lgetxattr, llistxattr, lremovexattr, lsetxattr } from './xattr.ts';

/*
 * Extended attributes of an entry that is not open, relative to a directory descriptor and never through a link: links, FIFOs, devices,
 * files that may not be opened. Linux 6.13 has calls for it (1.4 us); before, /proc/self/fd/N/name names the same entry, however long
 * its real path is (4.4 us). A name is zero-terminated bytes without a slash; results are those of the l* calls.
 */

const listxattrat = bindSyscallNumber<(directoryFd: number, name: Pointer, flags: number, list: Pointer, size: number) => number>(
  'listxattrat',
  'intptr_t listxattrat(int, void*, unsigned int, void*, size_t)',
  465,
);
const removexattrat = bindSyscallNumber<(directoryFd: number, name: Pointer, flags: number, attribute: Pointer) => number>(
  'removexattrat',
  'int removexattrat(int, void*, unsigned int, void*)',
  466,
);
type ValueCall = (
  directoryFd: number,
  name: Pointer,
  flags: number,
  attribute: Pointer,
  args: Pointer,
  argsSize: number,
) => number;
const getxattrat = bindSyscallNumber<ValueCall>(
  'getxattrat',
  'intptr_t getxattrat(int, void*, unsigned int, void*, void*, size_t)',
  464,
);
const setxattrat = bindSyscallNumber<ValueCall>(
  'setxattrat',
  'int setxattrat(int, void*, unsigned int, void*, void*, size_t)',
  463,
);

/** struct xattr_args: address of the value (64 bits), size and flags (32 bits each). */
const args = new NativeBuffer(16);
const ARGS_BYTES = 16;

function fillArgs(value: NativeBuffer, size: number, flags: number): number {
  args.bytes.writeBigUInt64LE(BigInt(value.address), 0);
  args.bytes.writeUInt32LE(size, 8);
  args.bytes.writeUInt32LE(flags, 12);
  return args.address;
}

const ANY_NAME = Buffer.from('x\0');
let atCallsFound: boolean | undefined;

/** False before Linux 6.13 and where a sandbox forbids the calls; a kernel that has them says EBADF. */
function hasAtCalls(): boolean {
  if (atCallsFound !== undefined) return atCallsFound;
  const failure = listxattrat(-1, ANY_NAME, AT_SYMLINK_NOFOLLOW, null, 0) < 0 ? errno() : 0;
  return (atCallsFound = failure !== ERRNO.ENOSYS && failure !== ERRNO.EPERM);
}

/** Longest name of an entry on any file system that Linux mounts: 255 characters of up to 3 bytes (NTFS, exFAT, CIFS). */
const LONGEST_NAME = 765;
const path = Buffer.alloc(40 + LONGEST_NAME);

/** The way to `name` through /proc, in a buffer that the next call uses again. */
function procPath(directoryFd: number, name: Uint8Array): Buffer {
  const start = path.write(`/proc/self/fd/${directoryFd}/`, 'latin1');
  path.fill(0, start).set(name.subarray(0, path.length - 1 - start), start);
  return path;
}

/** listxattr(2) of an entry. Raw: bytes, or -1. */
export function listXattrsAt(directoryFd: number, name: Uint8Array, list: NativeBuffer, size: number): number {
  if (hasAtCalls()) return listxattrat(directoryFd, name, AT_SYMLINK_NOFOLLOW, list.address, size);
  return llistxattr(procPath(directoryFd, name), list.address, size);
}

/** getxattr(2) of an entry. Raw: bytes, or -1. */
export function getXattrAt(directoryFd: number, name: Uint8Array, attribute: Pointer, value: NativeBuffer, size: number): number {
  if (hasAtCalls()) return getxattrat(directoryFd, name, AT_SYMLINK_NOFOLLOW, attribute, fillArgs(value, size, 0), ARGS_BYTES);
  return lgetxattr(procPath(directoryFd, name), attribute, value.address, size);
}

/** setxattr(2) of an entry. Raw: 0 or -1. */
export function setXattrAt(
  directoryFd: number,
  name: Uint8Array,
  attribute: Pointer,
  value: NativeBuffer,
  size: number,
  flags: number,
): number {
  if (hasAtCalls())
    return setxattrat(directoryFd, name, AT_SYMLINK_NOFOLLOW, attribute, fillArgs(value, size, flags), ARGS_BYTES);
  return lsetxattr(procPath(directoryFd, name), attribute, value.address, size, flags);
}

/** removexattr(2) of an entry. Raw: 0 or -1. */
export function removeXattrAt(directoryFd: number, name: Uint8Array, attribute: Pointer): number {
  if (hasAtCalls()) return removexattrat(directoryFd, name, AT_SYMLINK_NOFOLLOW, attribute);
  return lremovexattr(procPath(directoryFd, name), attribute);
}
