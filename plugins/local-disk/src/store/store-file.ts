import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';
import { read } from '../syscalls/transfer.ts';
import { digestOf } from './content-hasher.ts';
import { EntryFailure } from './entry-failure.ts';
import { writeLargeFile } from './write-large-file.ts';
import type { Place } from './place.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { StoreOptions } from './store-options.ts';
import type { Expected, Stored } from './stored.ts';
import type { TargetRoom } from './target-room.ts';
import { writeSmallFile } from './write-small-file.ts';

/** Where a file is to be made. */
export interface NewFile {
  readonly place: Place;
  /** What will be replaced by it, if anything is there. */
  readonly old: Place | undefined;
  readonly room: TargetRoom;
}

/** Up to this size a file goes through memory in one piece; sharing or copying in the kernel would take longer. */
export const SMALL_BYTES = 128 * 1024;

/**
 * Makes a new file with the bytes and the metadata of the one at `source`. Fills `scratch.target` with what it became.
 * Nothing is left of it when it throws.
 * @throws SystemCallError, EntryFailure; see `step` for which end it was
 */
export function storeFile(source: Place, target: NewFile, expected: Expected, options: StoreOptions): Stored {
  const { place, old, room } = target;
  enter('source', 'read');
  const fd = check(openForReading(source.directoryFd, source.name), 'openat', source.name);
  try {
    const stat = scratch.source;
    const count = expected.size <= SMALL_BYTES ? read(fd, scratch.piece.address, PIECE_BYTES) : -1;
    if (statxFd(fd, STATX_ALL, stat) < 0) throw new SystemCallError('statx', errno());
    proveSame(stat, expected);
    if (count !== stat.size || stat.ctimeNs !== expected.ctimeNs || stat.allocatedBytes < count) {
      return writeLargeFile(fd, place, old, options, room);
    }
    const bytes = scratch.piece.bytes.subarray(0, count);
    const digest = options.digest === undefined ? undefined : digestOf(bytes, options.digest);
    const stored = writeSmallFile(fd, place, { size: count, digest }, options, room);
    options.control.moved(count);
    return stored;
  } finally {
    close(fd);
  }
}

/** @throws EntryFailure `source-changed` when another file, or something else than a file, took the place of the one that was scanned */
function proveSame(stat: StatxRecord, { dev, ino }: Expected): void {
  if ((stat.mode & S_IFMT) !== S_IFREG) throw new EntryFailure('source-changed', 'it is no longer a regular file');
  if (stat.ino !== ino || stat.dev !== dev)
    throw new EntryFailure('source-changed', 'another file took its place since the scan');
}
