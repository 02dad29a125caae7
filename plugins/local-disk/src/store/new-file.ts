import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close, openat } from '../syscalls/open.ts';
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } from '../syscalls/open-flags.ts';
import { unlinkat } from '../syscalls/remove.ts';
import type { Place } from './place.ts';

/** How a file is made that does not exist yet. */
export const NEW_FILE = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

/**
 * Makes a file that does not exist yet; one that an interrupted try left under this temporary name is removed first.
 * @param mode reduced by the umask; 0600 unless its owner is known to be the final one
 * @returns a descriptor @throws SystemCallError
 */
export function createFile({ directoryFd, name }: Place, mode = 0o600): number {
  const fd = openat(directoryFd, name, NEW_FILE, mode);
  if (fd >= 0) return fd;
  if (errno() === ERRNO.EEXIST && unlinkat(directoryFd, name, 0) === 0) return createFile({ directoryFd, name }, mode);
  throw new SystemCallError('openat', errno(), name);
}

/** Closes a file that was written; removes it when `work` or the closing throws. */
export function writeNewFile<T>(place: Place, mode: number, work: (fd: number) => T): T {
  const fd = createFile(place, mode);
  let open = true;
  try {
    const outcome = work(fd);
    open = false;
    // Some file systems tell only now that the bytes did not fit (close(2)).
    if (close(fd) < 0) throw new SystemCallError('close', errno(), place.name);
    return outcome;
  } catch (error) {
    if (open) close(fd);
    unlinkat(place.directoryFd, place.name, 0);
    throw error;
  }
}
