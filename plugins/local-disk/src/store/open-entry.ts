import { S_IFDIR, S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx, statxFd } from '../syscalls/stat.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';
import type { XattrOwner } from '../syscalls/xattr-set.ts';
import { EntryFailure } from './entry-failure.ts';
import type { Place } from './place.ts';
import { enter, step } from './step.ts';
import type { Expected } from './stored.ts';

/** Whether entries of this mode can be opened without side effects. */
function isOpenable(mode: number): boolean {
  const type = mode & S_IFMT;
  return type === S_IFREG || type === S_IFDIR;
}

/**
 * Runs `work` with an entry: open where it is a file or directory, else by its name in its directory. Fills `record` first, of
 * the very same inode. @throws SystemCallError
 */
export function withEntry<T>(place: Place, record: StatxRecord, work: (owner: XattrOwner, isOpen: boolean) => T): T {
  const { directoryFd, name } = place;
  check(statx(directoryFd, name, STATX_NO_FOLLOW, STATX_ALL, record.address), 'statx', name);
  if (!isOpenable(record.mode)) return work({ fd: directoryFd, name }, false);
  const fd = check(openForReading(directoryFd, name), 'openat', name);
  try {
    if (statxFd(fd, STATX_ALL, record) < 0) throw new SystemCallError('statx', errno());
    return work({ fd }, true);
  } finally {
    close(fd);
  }
}

/** Like `withEntry` for a source that a scan has seen. @throws EntryFailure `source-changed` when it is another by now */
export function withSource<T>(
  place: Place,
  expected: Expected,
  record: StatxRecord,
  work: (owner: XattrOwner, isOpen: boolean) => T,
): T {
  const { action } = step;
  enter('source', action);
  return withEntry(place, record, (owner, isOpen) => {
    if (record.ino !== expected.ino || record.dev !== expected.dev)
      throw new EntryFailure('source-changed', 'another entry took its place since the scan');
    return work(owner, isOpen);
  });
}
