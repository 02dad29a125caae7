import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { linkat } from '../syscalls/link.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { replaceEntry } from './replace-entry.ts';
import { changeNames } from './change-names.ts';
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
    link(existing, temp);
    displaced = replaceEntry({ rootFd, key, place, displaceTo }, () => publishEntry(temp, place));
  }
  check(statx(place.directoryFd, place.name, STATX_NO_FOLLOW, STATX_ALL, target.address), 'statx', place.name);
  return displaced;
}

/** Makes a name that is free. @throws SystemCallError */
export function link(existing: Place, place: Place): void {
  const failure = changeNames([existing, place], () =>
    linkat(existing.directoryFd, existing.name, place.directoryFd, place.name, 0) === 0 ? 0 : errno(),
  );
  if (failure !== 0) throw new SystemCallError('linkat', failure, place.name);
}
