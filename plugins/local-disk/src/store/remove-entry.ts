import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { AT_REMOVEDIR } from '../syscalls/open-flags.ts';
import { DirectoryReader } from '../syscalls/directory.ts';
import { toCString } from '../syscalls/c-string.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { unlock } from './inode-flags.ts';
import type { Place } from './place.ts';
import { enter } from './step.ts';

/** Removes an entry, or a directory that is empty. One that is not there is fine. @throws SystemCallError */
export function removeEntry(place: Place): void {
  enter('destination', 'remove');
  const { directoryFd, name } = place;
  if (unlinkat(directoryFd, name, 0) === 0) return;
  let failure = errno();
  if (failure === ERRNO.ENOENT) return;
  // Directories answer EISDIR on Linux, EPERM elsewhere, and EPERM too when they are locked.
  if (failure === ERRNO.EISDIR || failure === ERRNO.EPERM) {
    if (unlinkat(directoryFd, name, AT_REMOVEDIR) === 0) return;
    const second = errno();
    if (second !== ERRNO.ENOTDIR) failure = second;
  }
  if (failure === ERRNO.EPERM && unlockWay(place)) return removeEntry(place);
  throw new SystemCallError('unlinkat', failure, name);
}

/**
 * Takes the immutable and append-only flags from an entry and from the directory that holds it: with them its name can neither go nor
 * come. Answers whether there were any, so that trying again makes sense.
 */
export function unlockWay({ directoryFd, name }: Place): boolean {
  const directoryUnlocked = unlock(directoryFd);
  const fd = openForReading(directoryFd, name);
  if (fd < 0) return directoryUnlocked;
  try {
    return unlock(fd) || directoryUnlocked;
  } finally {
    close(fd);
  }
}

/** Removes an entry with everything in it: for temporary directories of our own only. @throws SystemCallError */
export function removeTree(place: Place): void {
  const fd = openTree(place);
  if (fd === undefined) return removeEntry(place);
  try {
    const reader = new DirectoryReader(32_768);
    while (reader.append(fd));
    while (reader.next()) {
      const name = toCString(reader.bytes.subarray(reader.nameOffset, reader.nameOffset + reader.nameLength));
      removeTree({ directoryFd: fd, name });
    }
  } finally {
    close(fd);
  }
  removeEntry(place);
}

function openTree({ directoryFd, name }: Place): number | undefined {
  try {
    return openDirectoryBeneath(directoryFd, name.subarray(0, -1));
  } catch (error) {
    if (error instanceof SystemCallError) return undefined;
    throw error;
  }
}
