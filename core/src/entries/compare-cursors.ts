import type { EntryCursor } from './entry-cursor.ts';

/**
 * Order of the current entries of two cursors that walk the same tree together. Of two entries at different depths the
 * deeper one comes first: it is inside of a directory that the other stream has already passed. At the same depth they
 * have the same parent.
 */
export function compareCursors(a: EntryCursor, b: EntryCursor): number {
  if (a.depth !== b.depth) return b.depth - a.depth;
  const shared = Math.min(a.nameLength, b.nameLength);
  for (let i = 0; i < shared; i++) {
    const difference = (a.block.names[a.nameOffset + i] ?? 0) - (b.block.names[b.nameOffset + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.nameLength - b.nameLength;
}
