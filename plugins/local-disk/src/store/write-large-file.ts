import type { Digest } from '@holdfast/core/plugin';
import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { LOCKING_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { ftruncate } from '../syscalls/sparse.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { startHasher } from './content-hasher.ts';
import { copyData } from './copy-data.ts';
import { finishFile, hasNothing, initialMode, readExtras } from './finish-file.ts';
import { applyEarlyFlags } from './inode-flags.ts';
import { writeNewFile } from './new-file.ts';
import { PATCH_BYTES, patchFile } from './patch-file.ts';
import type { Place } from './place.ts';
import { shareBlocks } from './reflink.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Stored } from './stored.ts';
import type { StoreOptions } from './store-options.ts';
import type { TargetRoom } from './target-room.ts';

/** Changed while it was read: read again once. */
const TRIES = 2;

interface Copied {
  readonly method: Stored['method'];
  readonly digest: Digest | undefined;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/**
 * Makes a file like the open source that `scratch.source` describes: by sharing blocks with it where both file systems can, by
 * sharing them with the older version at `old` and writing what differs, or by copying.
 */
export function writeLargeFile(
  sourceFd: number,
  target: Place,
  old: Place | undefined,
  options: StoreOptions,
  room: TargetRoom,
): Stored {
  enter('destination', 'write');
  return writeNewFile(target, initialMode(options, room), (fd) => {
    let extras = readExtras(sourceFd, options.preserve);
    applyEarlyFlags(fd, extras.flags);
    let copied = copyOnce(sourceFd, fd, old, options, room);
    let torn = changedMeanwhile(sourceFd);
    for (let tries = 1; torn && tries < TRIES; tries++) {
      check(ftruncate(fd, 0), 'ftruncate');
      copied = copyOnce(sourceFd, fd, old, options, room);
      torn = changedMeanwhile(sourceFd);
      extras = readExtras(sourceFd, options.preserve);
    }
    const notKept = finishFile(fd, extras, options, room);
    const lateFlags = (extras.flags & LOCKING_INODE_FLAGS) === 0 ? {} : { lateFlags: extras.flags };
    return { ...copied, notKept, isBare: hasNothing(extras), ...(torn ? { torn } : {}), ...lateFlags };
  });
}

function copyOnce(sourceFd: number, targetFd: number, old: Place | undefined, options: StoreOptions, room: TargetRoom): Copied {
  const { size, allocatedBytes, dev } = scratch.source;
  enter('destination', 'write');
  if (size > 0 && shareBlocks(sourceFd, dev, targetFd, room.dev)) {
    return { method: 'reflink', digest: undefined, bytesRead: 0, bytesWritten: 0 };
  }
  const hasher = options.digest === undefined ? undefined : startHasher(options.digest);
  const copy = { sourceFd, targetFd, size, sparse: allocatedBytes < size, hasher, control: options.control };
  const patched = old === undefined || size < PATCH_BYTES ? undefined : patchFile(old, room.dev, copy);
  if (patched !== undefined) return { ...patched, method: 'patched', digest: patched.hashed ? hasher?.digest() : undefined };
  const moved = copyData(copy);
  return {
    method: moved.method,
    digest: moved.hashed ? hasher?.digest() : undefined,
    bytesRead: moved.read,
    bytesWritten: moved.read,
  };
}

/** Whether the source is another than when `scratch.source` was filled; fills it again. */
function changedMeanwhile(fd: number): boolean {
  enter('source', 'read');
  const stat = scratch.source;
  const { size, mtimeNs, ctimeNs } = stat;
  if (statxFd(fd, STATX_ALL, stat) < 0) throw new SystemCallError('statx', errno());
  return stat.size !== size || stat.mtimeNs !== mtimeNs || stat.ctimeNs !== ctimeNs;
}
