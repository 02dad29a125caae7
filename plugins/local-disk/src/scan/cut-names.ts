import { DT } from '../syscalls/directory.ts';
import type { NameCounts } from './name-stack.ts';
import type { DirectoryRef, Hole } from './scan-protocol.ts';

/** Sorted names of one directory that are left. */
export interface NamesLeft extends NameCounts {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts what is left of a directory into holes of about `weight` entries each, and two at least where there are directories: nobody
 * knows how much is below them, so two threads may as well share the finding out.
 */
export function cutNames(directory: DirectoryRef, left: NamesLeft, weight: number, entriesPerDirectory: number): Hole[] {
  const total = left.nameCount + left.directoryCount * entriesPerDirectory;
  const limit = left.directoryCount > 1 ? Math.min(weight, Math.ceil(total / 2)) : weight;
  const { bytes } = left;
  const holes: Hole[] = [];
  let start = left.start;
  for (let at = left.start, nameCount = 0, directoryCount = 0, filled = 0; at < left.end; ) {
    const isDirectory = bytes[at++] === DT.DIRECTORY;
    nameCount++;
    if (isDirectory) directoryCount++;
    filled += isDirectory ? 1 + entriesPerDirectory : 1;
    while (bytes[at] !== 0) at++;
    at++;
    if (filled < limit && at < left.end) continue;
    holes.push({ directory, names: bytes.slice(start, at), nameCount, directoryCount });
    start = at;
    nameCount = directoryCount = filled = 0;
  }
  return holes;
}
