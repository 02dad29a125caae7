import { splitPath } from '../store/ensure-directory.ts';
import { O_DIRECTORY } from '../syscalls/open-flags.ts';
import { close, openPath } from '../syscalls/open.ts';
import { statFd } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { isSubvolumeRoot } from '../syscalls/subvolume.ts';

/** A subvolume and a directory in it. */
export interface Subvolume {
  /** Its root, open; to be closed by the caller. */
  readonly fd: number;
  /** Absolute path of its root, without a final slash. */
  readonly path: Buffer;
  /** The directory, relative to the root; empty for the root itself. */
  readonly inner: Buffer;
}

/**
 * The btrfs subvolume that holds a directory. Undefined where there is none, or where its root cannot be reached: of a bind mount
 * of one directory. @param directory absolute, with links followed @throws SystemCallError
 */
export function findSubvolume(directory: Buffer): Subvolume | undefined {
  const record = new StatxRecord();
  let device: bigint | undefined;
  for (let path = directory; ; path = Buffer.from(splitPath(path).parent)) {
    const fd = openPath(path.length === 0 ? '/' : path, O_DIRECTORY);
    if (isSubvolumeRoot(fd)) {
      statFd(fd, record);
      // The root of a subvolume has the device number of all that is in it.
      if (device === undefined || record.dev === device) return { fd, path: trim(path), inner: innerPath(directory, path) };
    }
    statFd(fd, record);
    close(fd);
    if ((device !== undefined && record.dev !== device) || trim(path).length === 0) return undefined;
    device = record.dev;
  }
}

function trim(path: Buffer): Buffer {
  return path.toString('latin1') === '/' ? path.subarray(1) : path;
}

function innerPath(directory: Buffer, root: Buffer): Buffer {
  return directory.subarray(Math.min(trim(root).length + 1, directory.length));
}
