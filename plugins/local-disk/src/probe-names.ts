import { createFile } from './store/new-file.ts';
import { scratch } from './store/scratch.ts';
import { tempName, tempPrefix } from './store/temp-name.ts';
import { SystemCallError } from './syscalls/errno.ts';
import { close } from './syscalls/open.ts';
import { unlinkat } from './syscalls/remove.ts';
import { STATX_BASIC_STATS, STATX_NO_FOLLOW, statFd, statx } from './syscalls/stat.ts';
import { futimens, Times } from './syscalls/times.ts';

export interface NameFacts {
  readonly caseSensitive: boolean;
  readonly normalises: boolean;
}

/** What is assumed where nothing can be tried: no two names are taken for one that are not. */
const cautious: NameFacts = { caseSensitive: false, normalises: false };

/** Finds out, by a file that it makes and removes, which names an open directory takes for the same. Its times are put back. */
export function probeNames(directoryFd: number): NameFacts {
  const before = new Times();
  const name = Buffer.concat([tempName(tempPrefix(`probe${process.pid}`), 0).subarray(0, -1), Buffer.from('\u00e9\0')]);
  try {
    statFd(directoryFd, scratch.target);
    before.copyFrom(scratch.target);
    close(createFile({ directoryFd, name }));
    return {
      caseSensitive: !finds(directoryFd, name.toString().replace('holdfast', 'HOLDFAST')),
      normalises: finds(directoryFd, name.toString().normalize('NFD')),
    };
  } catch (error) {
    if (error instanceof SystemCallError) return cautious;
    throw error;
  } finally {
    if (unlinkat(directoryFd, name, 0) === 0) futimens(directoryFd, before.address);
  }
}

/** Nothing else has the changed name, so whatever is found under it is the same file. Its inode number proves nothing: FUSE gives each name one. */
function finds(directoryFd: number, changedName: string): boolean {
  return statx(directoryFd, Buffer.from(changedName), STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.target.address) === 0;
}
