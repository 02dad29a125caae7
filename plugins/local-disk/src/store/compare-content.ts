import type { Digest } from '@holdfast/core/plugin';
import { S_IFLNK, S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { readSymlink } from '../syscalls/link.ts';
import { findData } from '../syscalls/sparse.ts';
import { preadFully } from '../syscalls/transfer.ts';
import { startHasher } from './content-hasher.ts';
import { HASHED_HOLE_BYTES, hashHole } from './copy-data.ts';
import { withEntry, withSource } from './open-entry.ts';
import type { Place } from './place.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Expected } from './stored.ts';
import type { StoreOptions } from './store-options.ts';

export interface Comparison {
  readonly equal: boolean;
  /** Of the source's bytes; only where all were read. */
  readonly digest?: Digest | undefined;
  /** Of both together. */
  readonly bytesRead: number;
}

/** Compares bytes, link target or device number of two entries. Fills `scratch.target`. @throws SystemCallError, EntryFailure */
export function compareContent(source: Place, target: Place, expected: Expected, options: StoreOptions): Comparison {
  enter('source', 'read');
  return withSource(source, expected, scratch.source, (mine) => {
    enter('destination', 'read');
    return withEntry(target, scratch.target, (theirs) => {
      const { source: a, target: b } = scratch;
      const type = a.mode & S_IFMT;
      if (type !== (b.mode & S_IFMT) || a.rdev !== b.rdev) return { equal: false, bytesRead: 0 };
      if (type === S_IFLNK) return { equal: sameTarget(source, target), bytesRead: 0 };
      if (type !== S_IFREG) return { equal: true, bytesRead: 0 };
      return compareBytes(mine.fd, theirs.fd, options);
    });
  });
}

function sameTarget(source: Place, target: Place): boolean {
  return readSymlink(source.directoryFd, source.name).equals(readSymlink(target.directoryFd, target.name));
}

/** What is a hole in both is equal without being read. */
function compareBytes(sourceFd: number, targetFd: number, { digest, control }: StoreOptions): Comparison {
  const { size } = scratch.source;
  if (size !== scratch.target.size) return { equal: false, bytesRead: 0 };
  const sparse = scratch.source.allocatedBytes < size && scratch.target.allocatedBytes < size;
  const hasher = digest === undefined ? undefined : startHasher(digest);
  let holes = 0;
  let bytesRead = 0;
  for (let at = 0; at < size; ) {
    control.check();
    const start = sparse ? nextData(sourceFd, targetFd, at, size) : at;
    holes += start - at;
    if (hasher !== undefined && start > at) hashHole(hasher, start - at, holes, control);
    const length = Math.min(PIECE_BYTES, size - start);
    const read = sameRange(sourceFd, targetFd, start, length);
    if (read === undefined) return { equal: false, bytesRead };
    control.moved(read * 2);
    bytesRead += read * 2;
    hasher?.update(scratch.piece.bytes.subarray(0, read));
    at = start + length;
    if (read < length) break;
  }
  return { equal: true, digest: holes > HASHED_HOLE_BYTES ? undefined : hasher?.digest(), bytesRead };
}

/** Where the first data of either file begins at or after `at`; `size` when there is none. */
function nextData(sourceFd: number, targetFd: number, at: number, size: number): number {
  enter('source', 'read');
  const mine = findData(sourceFd, at, size)?.start ?? size;
  enter('destination', 'read');
  return Math.min(mine, findData(targetFd, at, size)?.start ?? size);
}

/** Bytes that both have there; undefined when they differ. */
function sameRange(sourceFd: number, targetFd: number, offset: number, length: number): number | undefined {
  const { piece, otherPiece } = scratch;
  enter('source', 'read');
  const mine = preadFully(sourceFd, piece, length, offset);
  enter('destination', 'read');
  const theirs = preadFully(targetFd, otherPiece, length, offset);
  return mine === theirs && piece.bytes.compare(otherPiece.bytes, 0, theirs, 0, mine) === 0 ? mine : undefined;
}
