import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { check } from '../syscalls/errno.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { findData, ftruncate, punchHole } from '../syscalls/sparse.ts';
import { statFd } from '../syscalls/stat.ts';
import { preadFully, pwriteFully } from '../syscalls/transfer.ts';
import { HASHED_HOLE_BYTES, hashHole } from './copy-data.ts';
import type { DataCopy } from './copy-data.ts';
import type { Place } from './place.ts';
import { shareBlocks } from './reflink.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { enter } from './step.ts';

/** Below this, writing the file anew takes less than comparing it. */
export const PATCH_BYTES = 64 * PIECE_BYTES;

export interface Patched {
  readonly bytesRead: number;
  /** Those that differed. */
  readonly bytesWritten: number;
  readonly hashed: boolean;
}

/**
 * Gives an empty file the bytes of the source by sharing the blocks of its older version and writing only the pieces that differ, which
 * saves writing and space where the destination's file system shares blocks. Undefined where it does not, or the old version is not alike in size.
 * @param old where the older version is @throws SystemCallError
 */
export function patchFile(old: Place, targetDev: bigint, copy: DataCopy): Patched | undefined {
  enter('destination', 'write');
  const oldFd = openForReading(old.directoryFd, old.name);
  if (oldFd < 0) return undefined;
  try {
    statFd(oldFd, scratch.other);
    const { mode, size: oldSize } = scratch.other;
    if ((mode & S_IFMT) !== S_IFREG || oldSize < copy.size / 2) return undefined;
    if (!shareBlocks(oldFd, targetDev, copy.targetFd, targetDev)) return undefined;
    check(ftruncate(copy.targetFd, copy.size), 'ftruncate');
    return writeDifferences(oldFd, copy);
  } finally {
    close(oldFd);
  }
}

function writeDifferences(oldFd: number, copy: DataCopy): Patched {
  const { sourceFd, targetFd, size, sparse, hasher } = copy;
  let at = 0;
  let bytesRead = 0;
  let bytesWritten = 0;
  let holes = 0;
  while (at < size) {
    enter('source', 'read');
    const data = sparse ? findData(sourceFd, at, size) : { start: at, end: size };
    const start = data?.start ?? size;
    holes += start - at;
    if (start > at) makeHole(targetFd, at, start - at);
    if (hasher !== undefined && start > at) hashHole(hasher, start - at, holes, copy.control);
    for (at = start; data !== undefined && at < data.end; ) {
      const { read, written } = patchPiece(oldFd, copy, at, Math.min(PIECE_BYTES, data.end - at));
      bytesRead += read;
      bytesWritten += written;
      // The source became shorter: that it changed is noticed afterwards.
      if (read === 0) return { bytesRead, bytesWritten, hashed: false };
      at += read;
    }
  }
  return { bytesRead, bytesWritten, hashed: hasher !== undefined && holes <= HASHED_HOLE_BYTES };
}

function patchPiece(
  oldFd: number,
  { sourceFd, targetFd, hasher, control }: DataCopy,
  at: number,
  length: number,
): { read: number; written: number } {
  const { piece, otherPiece } = scratch;
  control.check();
  enter('source', 'read');
  const read = preadFully(sourceFd, piece, length, at);
  hasher?.update(piece.bytes.subarray(0, read));
  enter('destination', 'write');
  const present = preadFully(oldFd, otherPiece, read, at);
  control.moved(read);
  if (present === read && piece.bytes.compare(otherPiece.bytes, 0, read, 0, read) === 0) return { read, written: 0 };
  pwriteFully(targetFd, piece, read, at);
  return { read, written: read };
}

/** @throws SystemCallError */
function makeHole(fd: number, offset: number, length: number): void {
  enter('destination', 'write');
  punchHole(fd, offset, length);
}
