import { ERRNO } from '../syscalls/errno.ts';
import { getInodeFlags, LOCKING_INODE_FLAGS, setInodeFlags } from '../syscalls/inode-flags.ts';
import { close, duplicateFd, openForReading } from '../syscalls/open.ts';
import type { Place } from './place.ts';

interface Lock {
  readonly fd: number;
  readonly flags: number;
}

/**
 * Makes a change of names. Where that is refused (EPERM) because an entry at `places`, or the directory that holds it, is immutable or
 * append-only, it is made while they are not; they get these flags back under whatever name they have then.
 *
 * @param change answers 0, or the errno
 * @returns the errno of the last try, or 0
 */
export function changeNames(places: readonly Place[], change: () => number): number {
  const failure = change();
  if (failure !== ERRNO.EPERM) return failure;
  const locks: Lock[] = [];
  try {
    for (const { directoryFd, name } of places) {
      takeOff(duplicateFd(directoryFd), locks);
      takeOff(openForReading(directoryFd, name), locks);
    }
    return locks.length === 0 ? failure : change();
  } finally {
    for (const { fd, flags } of locks.reverse()) {
      setInodeFlags(fd, flags);
      close(fd);
    }
  }
}

function takeOff(fd: number, locks: Lock[]): void {
  if (fd < 0) return;
  const flags = getInodeFlags(fd);
  const locked = flags >= 0 && (flags & LOCKING_INODE_FLAGS) !== 0 && setInodeFlags(fd, flags & ~LOCKING_INODE_FLAGS) === 0;
  if (locked) locks.push({ fd, flags });
  else close(fd);
}
