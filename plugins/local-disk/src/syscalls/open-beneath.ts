import { ERRNO, errno, failWith, SystemCallError } from './errno.ts';
import { close, openat, openat2 } from './open.ts';
import { AT_FDCWD, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_PATH, O_RDONLY } from './open-flags.ts';

/** Flags of openat2(2). Refuses every symbolic link on the way (ELOOP). */
const RESOLVE_NO_SYMLINKS = 0x04;
/** Refuses to leave the starting directory, by `..`, an absolute path or a link (EXDEV). */
const RESOLVE_BENEATH = 0x08;
/** Refuses to enter another mount (EXDEV). */
const RESOLVE_NO_XDEV = 0x01;

/** Longest path, with its final zero byte, that one call takes (path_resolution(7)). */
const PATH_MAX = 4096;
const SLASH = 0x2f;
const LISTABLE = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const HANDLE = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

const how = Buffer.alloc(24);
const piece = Buffer.alloc(PATH_MAX);
const HERE = Buffer.from('.\0');
let openat2Found: boolean | undefined;

/** False before Linux 5.6 and where a sandbox forbids the call. */
function hasOpenat2(): boolean {
  if (openat2Found !== undefined) return openat2Found;
  how.fill(0).writeUInt32LE(HANDLE, 0);
  const fd = openat2(AT_FDCWD, HERE, how, how.length);
  const failure = fd < 0 ? errno() : 0;
  if (fd >= 0) close(fd);
  return (openat2Found = failure !== ERRNO.ENOSYS && failure !== ERRNO.EPERM);
}

export interface OpenDirectoryOptions {
  /** Fails with EXDEV at a mount point; needs Linux 5.6. */
  oneFileSystem?: boolean;
  /** Only a handle for *at calls: needs no read permission, cannot be listed. */
  handleOnly?: boolean;
}

/**
 * Opens a directory below `rootFd`. Follows no symbolic link and leaves `rootFd` by no way, even while others rename
 * things; paths longer than PATH_MAX are walked in pieces.
 * @param path relative, separated by `/`, without a final zero byte; empty for the root itself
 * @returns a new descriptor, to be closed by the caller
 * @throws SystemCallError: ELOOP or ENOTDIR at a link, EXDEV for a way out (and, with oneFileSystem, at a mount point), ENOENT …
 */
export function openDirectoryBeneath(rootFd: number, path: Uint8Array, options: OpenDirectoryOptions = {}): number {
  const fd = tryOpenDirectoryBeneath(rootFd, path, options);
  if (fd < 0) throw new SystemCallError('openat2', errno(), path);
  return fd;
}

/** As {@link openDirectoryBeneath}, for who often meets a directory that is not there. Raw: a descriptor, or -1. */
export function tryOpenDirectoryBeneath(rootFd: number, path: Uint8Array, options: OpenDirectoryOptions = {}): number {
  const resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | (options.oneFileSystem === true ? RESOLVE_NO_XDEV : 0);
  const lastFlags = options.handleOnly === true ? HANDLE : LISTABLE;
  const room = hasOpenat2() ? PATH_MAX - 1 : 0;
  let parent = rootFd;
  for (let start = 0; ; ) {
    const end = pieceEnd(path, start, room);
    const isLast = end === path.length;
    const fd = openPiece(parent, path, start, end, isLast ? lastFlags : HANDLE, resolve);
    const failure = fd < 0 ? errno() : 0;
    if (parent !== rootFd) close(parent);
    if (fd < 0) return failWith(failure);
    if (isLast) return fd;
    parent = fd;
    start = end + 1;
  }
}

/** The end of the longest run of whole segments within `room` bytes, and of one segment at least. */
function pieceEnd(path: Uint8Array, start: number, room: number): number {
  if (path.length - start <= room) return path.length;
  const last = room === 0 ? -1 : path.lastIndexOf(SLASH, start + room);
  const slash = last > start ? last : path.indexOf(SLASH, start);
  return slash < 0 ? path.length : slash;
}

/** Raw: a descriptor, or -1. */
function openPiece(parent: number, path: Uint8Array, start: number, end: number, flags: number, resolve: number): number {
  let name: Buffer = HERE;
  if (path.length > 0) {
    if (end - start >= PATH_MAX) return failWith(ERRNO.ENAMETOOLONG);
    piece.set(path.subarray(start, end));
    piece[end - start] = 0;
    if (piece.indexOf(0) !== end - start) return failWith(ERRNO.EINVAL);
    name = piece;
  }
  if (!hasOpenat2()) return openSegment(parent, name, flags, resolve);
  how.writeUInt32LE(flags, 0);
  how.writeUInt32LE(resolve, 16);
  for (;;) {
    const fd = openat2(parent, name, how, how.length);
    // EAGAIN: a rename elsewhere kept the kernel from proving the way; openat2(2) says to try again.
    if (fd >= 0 || (errno() !== ERRNO.EAGAIN && errno() !== ERRNO.EINTR)) return fd;
  }
}

/** One segment at a time needs no openat2: O_NOFOLLOW and O_DIRECTORY refuse a link, and only `..` or nothing could lead elsewhere. */
function openSegment(parent: number, name: Buffer, flags: number, resolve: number): number {
  if ((resolve & RESOLVE_NO_XDEV) !== 0) return failWith(ERRNO.ENOSYS);
  if (name[0] === 0) return failWith(ERRNO.EXDEV);
  if (name[0] === 0x2e && name[1] === 0x2e && name[2] === 0) return failWith(ERRNO.EXDEV);
  return openat(parent, name, flags, 0);
}
