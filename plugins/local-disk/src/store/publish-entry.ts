import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { AT_REMOVEDIR } from '../syscalls/open-flags.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { renameat2 } from '../syscalls/rename.ts';
import { changeNames } from './change-names.ts';
import { applyFlags } from './inode-flags.ts';
import type { Place } from './place.ts';
import { enter } from './step.ts';

/**
 * Gives a finished entry that is no directory its name, in one step: what had the name is replaced. An empty directory makes way.
 * @throws SystemCallError: EISDIR, ENOTEMPTY for a directory that is not empty
 */
export function publishEntry(from: Place, to: Place): void {
  enter('destination', 'write');
  const failure = changeNames([to], () => rename(from, to));
  if (failure !== 0) throw new SystemCallError('renameat2', failure, to.name);
}

function rename(from: Place, to: Place): number {
  if (renameat2(from.directoryFd, from.name, to.directoryFd, to.name, 0) === 0) return 0;
  const failure = errno();
  if (failure !== ERRNO.EISDIR) return failure;
  return unlinkat(to.directoryFd, to.name, AT_REMOVEDIR) === 0 ? rename(from, to) : errno();
}

/** Sets inode flags that keep an entry from being renamed, now that it has its name. @throws SystemCallError */
export function lockEntry({ directoryFd, name }: Place, flags: number): boolean {
  enter('destination', 'set the metadata of');
  const fd = openForReading(directoryFd, name);
  if (fd < 0) throw new SystemCallError('openat', errno(), name);
  try {
    return applyFlags(fd, flags);
  } finally {
    close(fd);
  }
}
