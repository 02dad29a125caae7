import type { Digest } from '@holdfast/core/plugin';
import { S_IFLNK, S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { readSymlink } from '../syscalls/link.ts';
import { preadFully } from '../syscalls/transfer.ts';
import { startHasher } from './content-hasher.ts';
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

function compareBytes(sourceFd: number, targetFd: number, { digest, control }: StoreOptions): Comparison {
  const { piece, otherPiece } = scratch;
  if (scratch.source.size !== scratch.target.size) return { equal: false, bytesRead: 0 };
  const hasher = digest === undefined ? undefined : startHasher(digest);
  for (let at = 0, bytesRead = 0; ; ) {
    control.check();
    enter('source', 'read');
    const mine = preadFully(sourceFd, piece, PIECE_BYTES, at);
    enter('destination', 'read');
    const theirs = preadFully(targetFd, otherPiece, PIECE_BYTES, at);
    bytesRead += mine + theirs;
    control.moved(mine + theirs);
    if (mine !== theirs || piece.bytes.compare(otherPiece.bytes, 0, theirs, 0, mine) !== 0) return { equal: false, bytesRead };
    hasher?.update(piece.bytes.subarray(0, mine));
    at += mine;
    if (mine < PIECE_BYTES) return { equal: true, digest: hasher?.digest(), bytesRead };
  }
}
