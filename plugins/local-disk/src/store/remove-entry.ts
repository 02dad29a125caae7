import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close } from '../syscalls/open.ts';
import { AT_REMOVEDIR } from '../syscalls/open-flags.ts';
import { DirectoryReader } from '../syscalls/directory.ts';
import { toCString } from '../syscalls/c-string.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { changeNames } from './change-names.ts';
import type { Place } from './place.ts';
import { enter } from './step.ts';

/** Removes an entry, or a directory that is empty. One that is not there is fine. @throws SystemCallError */
export function removeEntry(place: Place): void {
  enter('destination', 'remove');
  const failure = changeNames([place], () => unlink(place));
  if (failure !== 0 && failure !== ERRNO.ENOENT) throw new SystemCallError('unlinkat', failure, place.name);
}

function unlink({ directoryFd, name }: Place): number {
  if (unlinkat(directoryFd, name, 0) === 0) return 0;
  const failure = errno();
  // Directories answer EISDIR on Linux, and EPERM too when they are locked.
  if (failure !== ERRNO.EISDIR && failure !== ERRNO.EPERM) return failure;
  if (unlinkat(directoryFd, name, AT_REMOVEDIR) === 0) return 0;
  const second = errno();
  return second === ERRNO.ENOTDIR ? failure : second;
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
