import type { EntryCursor } from './entry-cursor.ts';

/**
 * Order of the current entries of two cursors that walk the same tree together. Of two entries at different depths the
 * deeper one comes first: it is inside of a directory that the other stream has already passed. At the same depth they
 * have the same parent.
 */
export function compareCursors(a: EntryCursor, b: EntryCursor): number {
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

/** Where a walk in tree order is: the last name at each depth. */
export class TreeOrder {
  #depth = -1;
  readonly #names: { bytes: Uint8Array; length: number }[] = [];

  /** Whether an entry may come after the last one that was kept. Its name is `length` bytes of `names` from `offset` on. */
  isNext(depth: number, names: Uint8Array, offset: number, length: number): boolean {
    if (depth > this.#depth) return depth === this.#depth + 1;
    const last = this.#names[depth];
    return last !== undefined && compareBytes(last.bytes, 0, last.length, names, offset, length) < 0;
  }

  /** Remembers an entry as the last one; the bytes of its name are copied. */
  keep(depth: number, names: Uint8Array, offset: number, length: number): void {
    this.#depth = depth;
    const kept = (this.#names[depth] ??= { bytes: new Uint8Array(256), length: 0 });
    if (length > kept.bytes.length) kept.bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) kept.bytes[i] = names[offset + i] ?? 0;
    kept.length = length;
  }
}
