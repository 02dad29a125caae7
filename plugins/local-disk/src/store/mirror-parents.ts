import { close } from '../syscalls/open.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { SystemCallError } from '../syscalls/errno.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { readXattrs } from '../syscalls/xattr-set.ts';
import { applyMetadata } from './apply-metadata.ts';
import { splitPath } from './ensure-directory.ts';

const original = new StatxRecord();

/**
 * For `ensureDirectory`: gives each directory that it makes above `copy` the metadata of the one that stands as high above `key`, so that
 * who may look into the one may look into the other. Above where the two paths part, that is the root.
 */
export function mirrorParents(rootFd: number, key: Uint8Array, copy: Uint8Array): (fd: number, path: Uint8Array) => void {
  return (fd, path) => {
    const originalFd = openOriginal(rootFd, originalOf(key, copy, path));
    try {
      if (statxFd(originalFd, STATX_ALL, original) === 0) {
        applyMetadata({ fd }, { stat: original, xattrs: readXattrs({ fd: originalFd }) }, { owner: true, xattrs: true });
      }
    } finally {
      close(originalFd);
    }
  };
}

/** The ancestor of `key` that corresponds to `path`, an ancestor of `copy`; empty for the root. */
function originalOf(key: Uint8Array, copy: Uint8Array, path: Uint8Array): Uint8Array {
  let mine = key;
  let theirs = copy;
  while (theirs.length > path.length && mine.length > 0) {
    if (Buffer.compare(splitPath(mine).name, splitPath(theirs).name) !== 0) return new Uint8Array();
    mine = splitPath(mine).parent;
    theirs = splitPath(theirs).parent;
  }
  return mine;
}

function openOriginal(rootFd: number, path: Uint8Array): number {
  try {
    return openDirectoryBeneath(rootFd, path);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    return openDirectoryBeneath(rootFd, new Uint8Array());
  }
}
