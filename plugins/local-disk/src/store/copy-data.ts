import { copyRangeFully } from '../syscalls/copy-range.ts';
import { check } from '../syscalls/errno.ts';
import { SYNC_FILE_RANGE_WRITE, syncFileRange } from '../syscalls/sync.ts';
import { findData, ftruncate } from '../syscalls/sparse.ts';
import { preadFully, pwriteFully } from '../syscalls/transfer.ts';
import { hashZeros } from './content-hasher.ts';
import type { ContentHasher } from './content-hasher.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { CopyControl } from './store-options.ts';

/** One copy of a file's bytes. */
export interface DataCopy {
  readonly sourceFd: number;
  readonly targetFd: number;
  /** Bytes of the source when the copy began. */
  readonly size: number;
  /** Fewer bytes are allocated than `size`: holes stay holes. */
  readonly sparse: boolean;
  readonly hasher: ContentHasher | undefined;
  readonly control: CopyControl;
}

export interface DataMoved {
  /** Bytes read, holes not counted. */
  readonly read: number;
  readonly method: 'read-write' | 'in-kernel';
  /** The hasher has seen every byte. */
  readonly hashed: boolean;
}

/**
 * Holes larger than this in all are not hashed: reading 1 TiB of zeros would take minutes for a file of a few bytes. Such a file has no
 * digest; it is proved by comparing.
 */
export const HASHED_HOLE_BYTES = 2 ** 30;
const IN_KERNEL_STEP = 64 * PIECE_BYTES;
/** The disk is set to write after so much, so that little is left for the sync at the end. */
const WRITE_OUT_BYTES = 64 * PIECE_BYTES;

/** Copies the bytes into an empty file. @throws SystemCallError; whatever `control.check` throws */
export function copyData(copy: DataCopy): DataMoved {
  const { targetFd, size, hasher } = copy;
  let at = 0;
  let read = 0;
  let holes = 0;
  let method: DataMoved['method'] = hasher === undefined ? 'in-kernel' : 'read-write';
  while (at < size) {
    enter('source', 'read');
    const data = copy.sparse ? findData(copy.sourceFd, at, size) : { start: at, end: size };
    const start = data?.start ?? size;
    holes += start - at;
    if (hasher !== undefined && start > at) hashHole(hasher, start - at, holes, copy.control);
    if (data === undefined) break;
    const moved = copyRange(copy, method, start, data.end);
    method = moved.method;
    read += moved.read;
    at = data.end;
    if (start + moved.read < data.end) break;
  }
  enter('destination', 'write');
  // The last hole has no data that would make the file so long.
  if (copy.sparse) check(ftruncate(targetFd, size), 'ftruncate');
  return { read, method, hashed: hasher !== undefined && holes <= HASHED_HOLE_BYTES };
}

/**
 * Adds the zeros of a hole, unless holes are too many to be hashed.
 * @param total bytes of all holes up to the end of this one
 */
export function hashHole(hasher: ContentHasher, length: number, total: number, control: CopyControl): void {
  const step = 256 * PIECE_BYTES;
  for (let left = total > HASHED_HOLE_BYTES ? 0 : length; left > 0; left -= step) {
    control.check();
    hashZeros(hasher, Math.min(left, step));
  }
}

/** Stops early where the source ends early. */
function copyRange(copy: DataCopy, method: DataMoved['method'], start: number, end: number): Omit<DataMoved, 'hashed'> {
  if (method === 'in-kernel') {
    const read = copyInKernel(copy, start, end);
    if (read !== undefined) return { read, method };
  }
  return { read: copyThroughMemory(copy, start, end), method: 'read-write' };
}

/** Undefined where the kernel cannot copy between these two files. */
function copyInKernel({ sourceFd, targetFd, control }: DataCopy, start: number, end: number): number | undefined {
  let at = start;
  while (at < end) {
    control.check();
    enter('destination', 'write');
    const count = copyRangeFully(sourceFd, at, targetFd, at, Math.min(end - at, IN_KERNEL_STEP));
    // Nothing at once: the content may be made up as it is read (procfs).
    if (count === undefined || (count === 0 && at === start)) return at === start ? undefined : at - start;
    if (count === 0) break;
    control.moved(count);
    at += count;
  }
  return at - start;
}

function copyThroughMemory({ sourceFd, targetFd, hasher, control }: DataCopy, start: number, end: number): number {
  const { piece } = scratch;
  let at = start;
  let writtenOut = start;
  while (at < end) {
    control.check();
    enter('source', 'read');
    const count = preadFully(sourceFd, piece, Math.min(end - at, PIECE_BYTES), at);
    if (count === 0) break;
    hasher?.update(count === PIECE_BYTES ? piece.bytes : piece.bytes.subarray(0, count));
    enter('destination', 'write');
    pwriteFully(targetFd, piece, count, at);
    control.moved(count);
    at += count;
    if (at - writtenOut < WRITE_OUT_BYTES) continue;
    // Some file systems do not know this; nothing depends on it.
    syncFileRange(targetFd, writtenOut, at - writtenOut, SYNC_FILE_RANGE_WRITE);
    writtenOut = at;
  }
  return at - start;
}
