import { toCString } from '../syscalls/c-string.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { linkat } from '../syscalls/link.ts';
import { close } from '../syscalls/open.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { renameat2, RENAME_NOREPLACE } from '../syscalls/rename.ts';
import { STATX_BASIC_STATS, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { S_IFDIR, S_IFMT } from '../syscalls/create.ts';
import { changeNames } from './change-names.ts';
import { ensureDirectory, splitPath } from './ensure-directory.ts';
import { keepTimes } from './keep-times.ts';
import { mirrorParents } from './mirror-parents.ts';
import type { Place } from './place.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';

/** Errors of linkat(2) after which renaming may still work: no hard links here, not to this file, or too many of it. */
const NO_LINK = new Set([ERRNO.EPERM, ERRNO.EMLINK, ERRNO.ENOTSUP, ERRNO.EACCES]);

/** What became of the old holder of a name: it has another name too, it has moved there, or there was none. */
export type Displacement = 'linked' | 'moved' | 'none';

/**
 * Puts what is at `place` also at `displaceTo`, below `rootFd`, so that something else may take its name. A file keeps both names until
 * then, so that it is never without one; what cannot have two (directories, file systems without hard links) moves.
 *
 * @param key path of `place` below `rootFd`, after which missing parents of `displaceTo` are made
 * @throws SystemCallError: EEXIST when `displaceTo` is taken by something else
 */
export function displace(rootFd: number, place: Place, key: Uint8Array, displaceTo: Uint8Array): Displacement {
  enter('destination', 'keep the old version of');
  const { directoryFd, name } = place;
  if (statx(directoryFd, name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) < 0) {
    if (errno() === ERRNO.ENOENT) return 'none';
    throw new SystemCallError('statx', errno(), name);
  }
  const isDirectory = (scratch.other.mode & S_IFMT) === S_IFDIR;
  const { ino } = scratch.other;
  return atDisplaced(rootFd, key, displaceTo, (target) => {
    if (!isDirectory && linkTo(place, target, ino)) return 'linked';
    rename(place, target);
    return 'moved';
  });
}

/**
 * Puts back what was displaced, when nothing else took its name after all. What was linked may have lost its old name meanwhile; then, and
 * whenever it is in doubt, the other name is its only one. @throws SystemCallError: EEXIST when something else has the old name
 */
export function undoDisplace(
  rootFd: number,
  place: Place,
  key: Uint8Array,
  displaceTo: Uint8Array,
  displacement: Displacement,
): void {
  if (displacement === 'none') return;
  atDisplaced(rootFd, key, displaceTo, (target) => {
    if (displacement === 'linked' && isSame(place, target)) unlinkat(target.directoryFd, target.name, 0);
    else rename(target, place);
  });
}

function atDisplaced<T>(rootFd: number, key: Uint8Array, displaceTo: Uint8Array, work: (target: Place) => T): T {
  const { parent, name } = splitPath(displaceTo);
  const directoryFd = ensureDirectory(rootFd, parent, mirrorParents(rootFd, key, displaceTo));
  try {
    return keepTimes(directoryFd, () => work({ directoryFd, name: toCString(name) }));
  } finally {
    close(directoryFd);
  }
}

/** False where a link cannot be made but a rename may. */
function linkTo(place: Place, target: Place, ino: bigint): boolean {
  const failure = changeNames([place], () =>
    linkat(place.directoryFd, place.name, target.directoryFd, target.name, 0) === 0 ? 0 : errno(),
  );
  if (failure === 0 || (failure === ERRNO.EEXIST && isInode(target, ino))) return true;
  if (!NO_LINK.has(failure)) throw new SystemCallError('linkat', failure, place.name);
  return false;
}

/** The same file was linked there by a try that did not get any further. */
function isInode({ directoryFd, name }: Place, ino: bigint): boolean {
  return statx(directoryFd, name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) === 0 && scratch.other.ino === ino;
}

function isSame(one: Place, other: Place): boolean {
  const found = statx(one.directoryFd, one.name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) === 0;
  const { ino } = scratch.other;
  return found && isInode(other, ino);
}

/** Moves without replacing anything. @throws SystemCallError */
function rename(from: Place, to: Place): void {
  const failure = changeNames([from], () => tryRename(from, to));
  if (failure !== 0) throw new SystemCallError('renameat2', failure, from.name);
}

function tryRename(from: Place, to: Place): number {
  if (renameat2(from.directoryFd, from.name, to.directoryFd, to.name, RENAME_NOREPLACE) === 0) return 0;
  const failure = errno();
  if (failure !== ERRNO.EINVAL) return failure;
  // A file system without RENAME_NOREPLACE (NFS, some FUSE).
  if (statx(to.directoryFd, to.name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.other.address) === 0) return ERRNO.EEXIST;
  return renameat2(from.directoryFd, from.name, to.directoryFd, to.name, 0) === 0 ? 0 : errno();
}
