import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { linkat } from '../syscalls/link.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { displace } from './displace.ts';
import { applyFlags, readKeepableFlags, unlock } from './inode-flags.ts';
import type { Place } from './place.ts';
import { publishEntry } from './publish-entry.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';

export interface NewLink {
  readonly rootFd: number;
  readonly existing: Place;
  readonly key: Uint8Array;
  readonly place: Place;
  /** Temporary name in the same directory, for when something has the name already. */
  readonly temp: Place;
  readonly displaceTo?: Uint8Array | undefined;
}

/**
 * Makes `place` another name of what is at `existing`, whatever kind that is but a directory. Fills `scratch.target`. Does nothing where
 * it is one already. @returns whether something was displaced @throws SystemCallError
 */
export function makeHardLink({ rootFd, existing, key, place, temp, displaceTo }: NewLink): boolean {
  enter('destination', 'link');
  const { target, other } = scratch;
  check(statx(existing.directoryFd, existing.name, STATX_NO_FOLLOW, STATX_ALL, target.address), 'statx', existing.name);
  const { ino, dev } = target;
  const present = statx(place.directoryFd, place.name, STATX_NO_FOLLOW, STATX_ALL, other.address) === 0;
  let displaced = false;
  if (!present) link(existing, place);
  else if (other.ino !== ino || other.dev !== dev) {
    displaced = displaceTo !== undefined && displace(rootFd, place, key, displaceTo);
    enter('destination', 'link');
    link(existing, temp);
    publishEntry(temp, place);
  }
  check(statx(place.directoryFd, place.name, STATX_NO_FOLLOW, STATX_ALL, target.address), 'statx', place.name);
  return displaced;
}

/** Makes a name that is free. @throws SystemCallError */
export function link(existing: Place, place: Place): void {
  if (linkat(existing.directoryFd, existing.name, place.directoryFd, place.name, 0) === 0) return;
  const failure = errno();
  // Locked: its flags must go while it gets another name, and come back after.
  if (failure === ERRNO.EPERM && linkUnlocked(existing, place)) return;
  throw new SystemCallError('linkat', failure, place.name);
}

function linkUnlocked(existing: Place, place: Place): boolean {
  const fd = openForReading(existing.directoryFd, existing.name);
  if (fd < 0) return false;
  try {
    const flags = readKeepableFlags(fd);
    if (!unlock(fd)) return false;
    const linked = linkat(existing.directoryFd, existing.name, place.directoryFd, place.name, 0) === 0;
    applyFlags(fd, flags);
    return linked;
  } finally {
    close(fd);
  }
}
