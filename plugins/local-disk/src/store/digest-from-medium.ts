import type { Digest } from '@holdfast/core/plugin';
import { posixFadvise, POSIX_FADV_DONTNEED } from '../syscalls/advise.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { close, openat, openForReading } from '../syscalls/open.ts';
import { O_CLOEXEC, O_DIRECT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from '../syscalls/open-flags.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { fdatasync } from '../syscalls/sync.ts';
import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { pread } from '../syscalls/transfer.ts';
import { findData } from '../syscalls/sparse.ts';
import { startHasher } from './content-hasher.ts';
import { HASHED_HOLE_BYTES, hashHole } from './copy-data.ts';
import { EntryFailure } from './entry-failure.ts';
import type { Place } from './place.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { StoreOptions } from './store-options.ts';

export interface MediumDigest {
  /** Absent for a file with more holes than are hashed. */
  readonly digest: Digest | undefined;
  readonly bytesRead: number;
  /** `medium`: past the cache. `dropped-cache`: the cache was asked to let go first. `cache`: it may have come from memory. */
  readonly readFrom: 'medium' | 'dropped-cache' | 'cache';
}

/** O_DIRECT wants memory, offset and length in whole blocks; no disk has larger ones than this. */
const ALIGNMENT = 4096;

/** Digest of a file's bytes as they are on the disk, where the system lets us read past its cache. Fills `scratch.target`. @throws SystemCallError */
export function digestFromMedium(place: Place, options: StoreOptions): MediumDigest {
  enter('destination', 'read back');
  const direct = openat(place.directoryFd, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_DIRECT, 0);
  const fd = direct >= 0 ? direct : check(openForReading(place.directoryFd, place.name), 'openat', place.name);
  try {
    if (statxFd(fd, STATX_ALL, scratch.target) < 0) throw new SystemCallError('statx', errno());
    if ((scratch.target.mode & S_IFMT) !== S_IFREG) throw new EntryFailure('plan-changed', 'it is no longer a regular file');
    const past = direct >= 0 ? readAll(fd, options, 'medium') : undefined;
    if (past !== undefined) return past;
    return digestThroughCache(place, options);
  } finally {
    close(fd);
  }
}

function digestThroughCache(place: Place, options: StoreOptions): MediumDigest {
  const fd = check(openForReading(place.directoryFd, place.name), 'openat', place.name);
  try {
    // Only clean pages can be dropped.
    const dropped = fdatasync(fd) === 0 && posixFadvise(fd, 0, 0, POSIX_FADV_DONTNEED) === 0;
    const digest = readAll(fd, options, dropped ? 'dropped-cache' : 'cache');
    if (digest === undefined) throw new SystemCallError('pread', ERRNO.EINVAL);
    return digest;
  } finally {
    close(fd);
  }
}

/** Undefined where the first read says that this file cannot be read so. */
function readAll(
  fd: number,
  { digest = 'blake3', control }: StoreOptions,
  readFrom: MediumDigest['readFrom'],
): MediumDigest | undefined {
  const { memory, start } = alignedPiece();
  const { size, allocatedBytes } = scratch.target;
  const hasher = startHasher(digest);
  let holes = 0;
  let bytesRead = 0;
  for (let at = 0; ; ) {
    control.check();
    const data = allocatedBytes < size ? alignedData(fd, at, size) : at;
    holes += data - at;
    if (data > at) hashHole(hasher, data - at, holes, control);
    const count = data >= size && at > 0 ? 0 : readPiece(fd, memory, start, data, bytesRead === 0);
    if (count === undefined) return undefined;
    if (count > 0) hasher.update(memory.bytes.subarray(start, start + count));
    control.moved(count);
    bytesRead += count;
    at = data + count;
    if (count === 0 || at >= size)
      return { digest: holes > HASHED_HOLE_BYTES ? undefined : hasher.digest(), bytesRead, readFrom };
  }
}

/** Where data goes on, at the start of a block; `size` where only a hole follows. */
function alignedData(fd: number, at: number, size: number): number {
  const data = findData(fd, at, size)?.start ?? size;
  return data === size ? size : Math.max(at, data - (data % ALIGNMENT));
}

/** One call only: after a short one, which ends at the end of the file, another could not be aligned. Undefined where the first is refused. */
function readPiece(fd: number, memory: NativeBuffer, start: number, at: number, isFirst: boolean): number | undefined {
  const count = pread(fd, memory.address + start, PIECE_BYTES, at);
  if (count >= 0) return count;
  const failure = errno();
  if (failure === ERRNO.EINTR) return readPiece(fd, memory, start, at, isFirst);
  if (isFirst && failure === ERRNO.EINVAL) return undefined;
  throw new SystemCallError('pread', failure);
}

let aligned: { memory: NativeBuffer; start: number } | undefined;

function alignedPiece(): { memory: NativeBuffer; start: number } {
  if (aligned !== undefined) return aligned;
  const memory = new NativeBuffer(PIECE_BYTES + ALIGNMENT);
  return (aligned = { memory, start: (ALIGNMENT - (memory.address % ALIGNMENT)) % ALIGNMENT });
}
