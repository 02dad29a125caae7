import { encodePath, HoldfastError, type RelPath } from '@holdfast/core/plugin';
import { explainFailure } from '../errors.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { openForReading } from '../syscalls/open.ts';
import { DirectoryHandle } from './directory-handle.ts';

/** What stands in the way of a file that was there when the tree was scanned. */
const EXCHANGED = new Set([ERRNO.ELOOP, ERRNO.ENOTDIR, ERRNO.EXDEV]);

/** Opens a file below an open directory for reading, through no symbolic link, without a change of its atime where permitted. Throws a HoldfastError. */
export function openFileBeneath(rootFd: number, path: RelPath): number {
  const directory = new DirectoryHandle(rootFd);
  try {
    const { directoryFd, name } = directory.placeOf(encodePath(path));
    const fd = openForReading(directoryFd, name);
    if (fd < 0) throw new SystemCallError('openat', errno(), name);
    return fd;
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (EXCHANGED.has(error.errno)) throw sourceChanged(path, 'something else took its place since the scan', error);
    throw readFailure(path, error);
  } finally {
    directory.close();
  }
}

export function sourceChanged(path: RelPath, how: string, cause?: unknown): HoldfastError {
  return new HoldfastError('source-changed', `Cannot read "${path}": ${how}.`, { path, cause });
}

export function readFailure(path: RelPath, { syscall, errno }: { syscall: string; errno: number }): HoldfastError {
  return explainFailure({ side: 'source', action: 'read', syscall, errno }, path);
}
