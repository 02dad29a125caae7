import type { EntryCursor } from '../../entries/entry-cursor.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';

/**
 * Order of the current entries of two cursors that walk the same tree together. Of two entries at different depths the
 * deeper one comes first: it is inside of a directory that the other stream has already passed. At the same depth they
 * have the same parent.
 */
export function comparePositions(a: EntryCursor, b: EntryCursor): number {
  if (a.depth !== b.depth) return b.depth - a.depth;
  return compareBytes(a.block.names, a.nameOffset, a.nameLength, b.block.names, b.nameOffset, b.nameLength);
}

/** Order of two byte ranges, as memcmp and then by length. */
function compareBytes(a: Uint8Array, aStart: number, aLength: number, b: Uint8Array, bStart: number, bLength: number): number {
  const shared = Math.min(aLength, bLength);
  for (let i = 0; i < shared; i++) {
    const difference = (a[aStart + i] ?? 0) - (b[bStart + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** Proves that a stream of entries is in tree order, with the last name at each depth. */
export class TreeOrderCheck {
  readonly #names: Uint8Array[] = [];
  #depth = -1;

  /** Throws `internal` when the current entry may not come after the last one that was remembered. */
  visit(cursor: EntryCursor): void {
    const { depth } = cursor;
    const before = this.#names[depth];
    const inOrder =
      depth > this.#depth
        ? depth === this.#depth + 1
        : before !== undefined &&
          compareBytes(before, 0, before.length, cursor.block.names, cursor.nameOffset, cursor.nameLength) < 0;
    if (!inOrder) throw new HoldfastError('internal', `The scan is out of order at "${cursor.path}".`, { path: cursor.path });
  }

  remember(cursor: EntryCursor): void {
    this.#depth = cursor.depth;
    this.#names[cursor.depth] = cursor.name;
  }
}
