import { toCString } from '../syscalls/c-string.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close } from '../syscalls/open.ts';
import { renameat2 } from '../syscalls/rename.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { displace, rename } from './displace.ts';
import { ensureDirectory, inParent, splitPath } from './ensure-directory.ts';
import { mirrorParents } from './mirror-parents.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';

/**
 * Moves what is at `from` to `to`, both below `rootFd`; missing parents of `to` are made like those of `from`. What is at `to` goes to
 * `displaceTo` first; without one it is replaced. Fills `scratch.target`.
 * @returns whether something was displaced @throws SystemCallError
 */
export function moveEntry(rootFd: number, from: Uint8Array, to: Uint8Array, displaceTo: Uint8Array | undefined): boolean {
  enter('destination', 'move');
  return inParent(rootFd, from, (directoryFd, name) => {
    // Before anything is made for it.
    check(statx(directoryFd, name, STATX_NO_FOLLOW, STATX_ALL, scratch.target.address), 'statx', name);
    const { parent, name: newName } = splitPath(to);
    const parentFd = ensureDirectory(rootFd, parent, mirrorParents(rootFd, from, to));
    try {
      const place = { directoryFd: parentFd, name: toCString(newName) };
      const displaced = displaceTo !== undefined && displace(rootFd, place, to, displaceTo);
      enter('destination', 'move');
      replace({ directoryFd, name }, place, displaced || displaceTo !== undefined);
      check(statx(parentFd, place.name, STATX_NO_FOLLOW, STATX_ALL, scratch.target.address), 'statx', place.name);
      return displaced;
    } finally {
      close(parentFd);
    }
  });
}

function replace(from: Parameters<typeof rename>[0], to: Parameters<typeof rename>[1], _displaced: boolean): void {
  if (renameat2(from.directoryFd, from.name, to.directoryFd, to.name, 0) === 0) return;
  const failure = errno();
  if (failure !== ERRNO.EPERM) throw new SystemCallError('renameat2', failure, to.name);
  rename(from, to);
}
