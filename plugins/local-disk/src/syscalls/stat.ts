import { check } from './errno.ts';
import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';
import { AT_EMPTY_PATH, AT_FDCWD, AT_NO_AUTOMOUNT, AT_SYMLINK_NOFOLLOW } from './open-flags.ts';
import { STATX_BTIME } from './statx-record.ts';
import type { StatxRecord } from './statx-record.ts';

/** Everything of struct stat: type, mode, nlink, uid, gid, atime, mtime, ctime, ino, size, blocks. */
export const STATX_BASIC_STATS = 0x7ff;
/** The basic fields and the birth time. */
export const STATX_ALL = STATX_BASIC_STATS | STATX_BTIME;

/** Bits of `StatxRecord.attributes` (statx(2)): some of the flags of chattr(1) without another call. */
export const STATX_ATTR = {
  COMPRESSED: 0x4,
  IMMUTABLE: 0x10,
  APPEND: 0x20,
  NODUMP: 0x40,
  ENCRYPTED: 0x800,
  MOUNT_ROOT: 0x2000,
  VERITY: 0x100000,
} as const;

/** The entry itself, never what a link points to, and no automount set off. */
export const STATX_NO_FOLLOW = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;

/** statx(2). Raw: 0 or -1. `record` is the address of a {@link StatxRecord}. */
export const statx = bindCall<(directoryFd: number, name: Pointer, flags: number, mask: number, record: Pointer) => number>(
  'statx',
  'int statx(int, void*, int, unsigned int, void*)',
  { x64: 332, arm64: 291 },
);

const EMPTY = Buffer.from(new ArrayBuffer(8));
/** Linux 6.11 takes NULL for the empty name and then skips the path lookup (50 ns less). */
let emptyName: Pointer | undefined;

/** statx of an open descriptor. Raw: 0 or -1. */
export function statxFd(fd: number, mask: number, record: StatxRecord): number {
  return statx(fd, emptyName === undefined ? findEmptyName(record) : emptyName, AT_EMPTY_PATH, mask, record.address);
}

function findEmptyName(record: StatxRecord): Pointer {
  return (emptyName = statx(AT_FDCWD, null, AT_EMPTY_PATH, 0, record.address) === 0 ? null : EMPTY);
}

/** Fills `record` with all fields of the entry `name`, without following a link. @throws SystemCallError */
export function statAt(directoryFd: number, name: Uint8Array, record: StatxRecord): void {
  check(statx(directoryFd, name, STATX_NO_FOLLOW, STATX_ALL, record.address), 'statx', name);
}

/** Fills `record` with all fields of an open file. @throws SystemCallError */
export function statFd(fd: number, record: StatxRecord): void {
  check(statxFd(fd, STATX_ALL, record), 'statx');
}
