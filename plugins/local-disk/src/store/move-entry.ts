import { toCString } from '../syscalls/c-string.ts';
import { S_IFDIR, S_IFMT } from '../syscalls/create.ts';
import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { close } from '../syscalls/open.ts';
import { renameat2 } from '../syscalls/rename.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { changeNames } from './change-names.ts';
import { dropOldName } from './drop-old-name.ts';
import { ensureDirectory, inParent, splitPath } from './ensure-directory.ts';
import { keepTimes } from './keep-times.ts';
import { mirrorParents } from './mirror-parents.ts';
import type { Place } from './place.ts';
import { replaceEntry } from './replace-entry.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';

/**
 * Moves what is at `from` to `to`, both below `rootFd`; missing parents of `to` are made like those of `from`, and the
 * directory that it moves to keeps its times. What is at `to` goes to `displaceTo` first; without one it is replaced. Fills `scratch.target`.
 * @returns whether something was displaced @throws SystemCallError
 */
export function moveEntry(rootFd: number, from: Uint8Array, to: Uint8Array, displaceTo: Uint8Array | undefined): boolean {
  enter('destination', 'move');
  return inParent(rootFd, from, (directoryFd, name) => {
    // Before anything is made for it.
    check(statx(directoryFd, name, STATX_NO_FOLLOW, STATX_ALL, scratch.target.address), 'statx', name);
    const hasOtherNames = scratch.target.nlink > 1 && (scratch.target.mode & S_IFMT) !== S_IFDIR;
    const { parent, name: newName } = splitPath(to);
    const parentFd = ensureDirectory(rootFd, parent, mirrorParents(rootFd, from, to));
    try {
      const place = { directoryFd: parentFd, name: toCString(newName) };
      enter('destination', 'move');
      const move = (): void => rename({ directoryFd, name }, place, hasOtherNames);
      const displaced = keepTimes(parentFd, () => replaceEntry({ rootFd, key: to, place, displaceTo }, move));
      check(statx(parentFd, place.name, STATX_NO_FOLLOW, STATX_ALL, scratch.target.address), 'statx', place.name);
      return displaced;
    } finally {
      close(parentFd);
    }
  });
}

/** Replaces what has the new name, as rename(2) does, also where that is another name of the same file. */
function rename(from: Place, to: Place, hasOtherNames: boolean): void {
  const failure = changeNames([from, to], () =>
    renameat2(from.directoryFd, from.name, to.directoryFd, to.name, 0) === 0 ? 0 : errno(),
  );
  if (failure !== 0) throw new SystemCallError('renameat2', failure, to.name);
  if (hasOtherNames) dropOldName(from, to);
}
