import { toCString } from '../syscalls/c-string.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { linkat } from '../syscalls/link.ts';
import { close } from '../syscalls/open.ts';
import { renameat2, RENAME_NOREPLACE } from '../syscalls/rename.ts';
import { STATX_BASIC_STATS, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { S_IFDIR, S_IFMT } from '../syscalls/create.ts';
import { ensureDirectory, splitPath } from './ensure-directory.ts';
import { mirrorParents } from './mirror-parents.ts';
import type { Place } from './place.ts';
import { unlockWay } from './remove-entry.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';

/** Errors of linkat(2) after which renaming may still work: no hard links here, not to this file, or too many of it. */
const NO_LINK = new Set([ERRNO.EPERM, ERRNO.EMLINK, ERRNO.ENOTSUP, ERRNO.EACCES]);

/**
 * Puts what is at `place` also at `displaceTo`, below `rootFd`, so that something else may take its name. A file keeps both names until
 * then, so that it is never without one; what cannot have two (directories, file systems without hard links) moves.
 *
 * @param key path of `place` below `rootFd`, after which missing parents of `displaceTo` are made
 * @returns false where nothing was there @throws SystemCallError: EEXIST when `displaceTo` is taken by something else
 */
export function displace(rootFd: number, place: Place, key: Uint8Array, displaceTo: Uint8Array): boolean {
  enter('destination', 'keep the old version of');
  const { directoryFd, name } = place;
  if (statx(directoryFd, name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) < 0) {
    if (errno() === ERRNO.ENOENT) return false;
    throw new SystemCallError('statx', errno(), name);
  }
  const isDirectory = (scratch.other.mode & S_IFMT) === S_IFDIR;
  const { ino } = scratch.other;
  const { parent, name: newName } = splitPath(displaceTo);
  const parentFd = ensureDirectory(rootFd, parent, mirrorParents(rootFd, key, displaceTo));
  try {
    const target = { directoryFd: parentFd, name: toCString(newName) };
    if (!isDirectory && linkTo(place, target, ino)) return true;
    rename(place, target);
    return true;
  } finally {
    close(parentFd);
  }
}

/** False where a link cannot be made but a rename may. */
function linkTo(place: Place, target: Place, ino: bigint): boolean {
  if (linkat(place.directoryFd, place.name, target.directoryFd, target.name, 0) === 0) return true;
  const failure = errno();
  if (failure === ERRNO.EPERM && unlockWay(place)) return linkTo(place, target, ino);
  if (failure === ERRNO.EEXIST && isInode(target, ino)) return true;
  if (!NO_LINK.has(failure)) throw new SystemCallError('linkat', failure, place.name);
  return false;
}

/** The same file was linked there by a try that did not get any further. */
function isInode({ directoryFd, name }: Place, ino: bigint): boolean {
  return statx(directoryFd, name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) === 0 && scratch.other.ino === ino;
}

/** Moves without replacing anything. @throws SystemCallError */
export function rename(from: Place, to: Place): void {
  if (renameat2(from.directoryFd, from.name, to.directoryFd, to.name, RENAME_NOREPLACE) === 0) return;
  const failure = errno();
  if (failure === ERRNO.EPERM && unlockWay(from)) return rename(from, to);
  if (failure !== ERRNO.EINVAL) throw new SystemCallError('renameat2', failure, from.name);
  // A file system without RENAME_NOREPLACE (NFS, some FUSE).
  if (statx(to.directoryFd, to.name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) === 0) throw new SystemCallError('renameat2', ERRNO.EEXIST, to.name);
  if (renameat2(from.directoryFd, from.name, to.directoryFd, to.name, 0) < 0) throw new SystemCallError('renameat2', errno(), from.name);
}
