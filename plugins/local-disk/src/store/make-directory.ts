import { S_IFDIR, S_IFMT, mkdirat } from '../syscalls/create.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { renameat2 } from '../syscalls/rename.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { replaceEntry } from './replace-entry.ts';
import type { Place } from './place.ts';
import { removeEntry } from './remove-entry.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';

/** A directory to be made, and what may be in its way. */
export interface NewDirectory {
  readonly rootFd: number;
  readonly key: Uint8Array;
  readonly place: Place;
  /** Filled already, under a temporary name. */
  readonly staged?: Place | undefined;
  /** Something else that has its name makes way. */
  readonly replace: boolean;
  /** Where to put that; without it, it is removed. */
  readonly displaceTo: Uint8Array | undefined;
}

/**
 * Makes a directory, or leaves the one that is there. Fills `scratch.target`.
 * @returns `renamed`: the staged one has the name now @throws SystemCallError
 */
export function makeDirectory(directory: NewDirectory): { renamed: boolean; displaced: boolean } {
  enter('destination', 'make the directory');
  const { place } = directory;
  let displaced = false;
  let outcome: Outcome = tryMake(directory);
  if (outcome === 'blocked' && directory.replace) {
    displaced = replaceEntry(directory, () => {
      // A displaced file still has its old name too.
      removeEntry(place);
      enter('destination', 'make the directory');
      outcome = tryMake(directory);
    });
  }
  if (outcome === 'blocked') throw new SystemCallError('mkdirat', ERRNO.ENOTDIR, place.name);
  check(statx(place.directoryFd, place.name, STATX_NO_FOLLOW, STATX_ALL, scratch.target.address), 'statx', place.name);
  return { renamed: outcome === 'renamed', displaced };
}

type Outcome = 'renamed' | 'made' | 'exists' | 'blocked';

function tryMake({ rootFd, place, staged }: NewDirectory): Outcome {
  if (staged !== undefined) {
    if (renameat2(rootFd, staged.name, place.directoryFd, place.name, 0) === 0) return 'renamed';
    const failure = errno();
    // ENOENT: nothing was staged, since the directory was there after all. EXDEV: another file system is mounted there.
    if (![ERRNO.EEXIST, ERRNO.ENOTEMPTY, ERRNO.ENOTDIR, ERRNO.ENOENT, ERRNO.EXDEV].includes(failure))
      throw new SystemCallError('renameat2', failure, place.name);
  }
  if (mkdirat(place.directoryFd, place.name, 0o700) === 0) return 'made';
  const failure = errno();
  if (failure !== ERRNO.EEXIST) throw new SystemCallError('mkdirat', failure, place.name);
  check(statx(place.directoryFd, place.name, STATX_NO_FOLLOW, STATX_ALL, scratch.target.address), 'statx', place.name);
  return (scratch.target.mode & S_IFMT) === S_IFDIR ? 'exists' : 'blocked';
}
