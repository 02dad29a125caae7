import { readdirSync } from 'node:fs';
import { keepTimes } from '../store/keep-times.ts';
import { toCString } from '../syscalls/c-string.ts';
import { tryLockExclusive } from '../syscalls/lock.ts';
import { O_DIRECTORY } from '../syscalls/open-flags.ts';
import { close, openPath } from '../syscalls/open.ts';
import { destroySubvolume, isSubvolumeRoot } from '../syscalls/subvolume.ts';
import type { Subvolume } from './find-subvolume.ts';
import { mayRun, readSnapshotName } from './snapshot-name.ts';

/**
 * Removes what runs that were killed left in a subvolume. One is left for good when it has a name of ours, nobody holds its lock, and the
 * process that its name tells of has ended. What cannot be removed is tried again by the next run.
 */
export function removeStaleSnapshots({ fd, path }: Subvolume): void {
  for (const name of readdirSync(path.length === 0 ? '/' : path)) {
    const owner = readSnapshotName(name);
    if (owner === undefined || mayRun(owner)) continue;
    try {
      removeUnlessHeld(fd, Buffer.concat([path, Buffer.from(`/${name}`)]), name);
    } catch {
      // It is in nobody's way: scans leave it out.
    }
  }
}

function removeUnlessHeld(directoryFd: number, path: Buffer, name: string): void {
  const fd = openPath(path, O_DIRECTORY);
  try {
    if (isSubvolumeRoot(fd) && tryLockExclusive(fd)) keepTimes(directoryFd, () => destroySubvolume(directoryFd, toCString(name)));
  } finally {
    close(fd);
  }
}
