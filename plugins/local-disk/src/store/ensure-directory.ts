import { mkdirat, S_IFLNK, S_IFMT } from '../syscalls/create.ts';
import { toCString } from '../syscalls/c-string.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close } from '../syscalls/open.ts';
import { tryOpenDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { STATX_BASIC_STATS, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { scratch } from './scratch.ts';

const SLASH = 0x2f;
/** What a directory has until it gets its own metadata: nobody else looks in while it is filled. */
const PRIVATE = 0o700;

/** Where a path is cut: the directory that holds it, and its last name. Views. */
export function splitPath(path: Uint8Array): { parent: Uint8Array; name: Uint8Array } {
  const slash = path.lastIndexOf(SLASH);
  return { parent: path.subarray(0, Math.max(slash, 0)), name: path.subarray(slash + 1) };
}

/** Opens a directory below `rootFd`; undefined where there is none: nothing, or no directory, has its name or one above it. @throws SystemCallError: ELOOP for a link */
export function openIfThere(rootFd: number, path: Uint8Array): number | undefined {
  const fd = tryOpenDirectoryBeneath(rootFd, path);
  if (fd >= 0) return fd;
  const failure = failureToOpen(rootFd, path);
  if (failure === ERRNO.ENOENT || failure === ERRNO.ENOTDIR) return undefined;
  throw new SystemCallError('openat2', failure, path);
}

/** Opens a directory below `rootFd`. @throws SystemCallError: ENOENT, ENOTDIR, ELOOP for a link */
export function openExisting(rootFd: number, path: Uint8Array): number {
  const fd = tryOpenDirectoryBeneath(rootFd, path);
  if (fd < 0) throw new SystemCallError('openat2', failureToOpen(rootFd, path), path);
  return fd;
}

/** The errno of the call that just failed. The system says ENOTDIR when the last name is a link; we say ELOOP, as for the others. */
function failureToOpen(rootFd: number, path: Uint8Array): number {
  const failure = errno();
  if (failure !== ERRNO.ENOTDIR) return failure;
  const { parent, name } = splitPath(path);
  const parentFd = tryOpenDirectoryBeneath(rootFd, parent);
  if (parentFd < 0) return failure;
  const found = statx(parentFd, toCString(name), STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) === 0;
  close(parentFd);
  return found && (scratch.other.mode & S_IFMT) === S_IFLNK ? ERRNO.ELOOP : failure;
}

/**
 * Opens a directory below `rootFd`, after making it and what is missing above it. Follows no link.
 * @param onMade called with each directory that was made: its descriptor and its path
 * @param mode of directories that are made, reduced by the umask
 * @throws SystemCallError: ENOTDIR, ELOOP where something else stands in the way
 */
export function ensureDirectory(
  rootFd: number,
  path: Uint8Array,
  onMade?: (fd: number, path: Uint8Array) => void,
  mode = PRIVATE,
): number {
  const there = openIfThere(rootFd, path);
  if (there !== undefined) return there;
  const { parent, name } = splitPath(path);
  const parentFd = ensureDirectory(rootFd, parent, onMade, mode);
  try {
    const cName = toCString(name);
    const made = mkdirat(parentFd, cName, mode) === 0;
    // Another thread may have been quicker.
    if (!made && errno() !== ERRNO.EEXIST) throw new SystemCallError('mkdirat', errno(), path);
    const fd = openExisting(parentFd, name);
    if (made) closeIfThrows(fd, () => onMade?.(fd, path));
    return fd;
  } finally {
    close(parentFd);
  }
}

/** Runs `work`, and closes a descriptor that nobody would know of when it throws. */
export function closeIfThrows<T>(fd: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** Runs `work` with the directory that holds `path`, open. @throws SystemCallError: ENOENT where there is none */
export function inParent<T>(rootFd: number, path: Uint8Array, work: (directoryFd: number, name: Buffer) => T): T {
  const { parent, name } = splitPath(path);
  const directoryFd = openIfThere(rootFd, parent);
  if (directoryFd === undefined) throw new SystemCallError('openat2', ERRNO.ENOENT, path);
  try {
    return work(directoryFd, toCString(name));
  } finally {
    close(directoryFd);
  }
}
