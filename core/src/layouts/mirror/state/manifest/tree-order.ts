import { HoldfastError } from '../../../../errors/holdfast-error.ts';

/** Checks that rows come in tree order: rows in disorder would make the next run take live files for deleted ones. */
export class TreeOrder {
  #depth = -1;
  /** Name of the last row at each depth. */
  readonly #names: { bytes: Uint8Array; length: number }[] = [];

  /** Throws `internal` when the row may not follow the one before. */
  check(depth: number, names: Uint8Array, offset: number, length: number): void {
    if (depth > this.#depth + 1 || (depth <= this.#depth && !this.#isAfterSibling(depth, names, offset, length))) {
      const name = Buffer.from(names.subarray(offset, offset + length)).toString();
      throw new HoldfastError('internal', `A manifest was given rows that are not in tree order, at "${name}".`);
    }
    this.#depth = depth;
    this.#keep(depth, names, offset, length);
  }

  #isAfterSibling(depth: number, names: Uint8Array, offset: number, length: number): boolean {
    const last = this.#names[depth];
    if (last === undefined) return false;
    const shared = Math.min(last.length, length);
    for (let i = 0; i < shared; i++) {
      const difference = (names[offset + i] ?? 0) - (last.bytes[i] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return length > last.length;
  }

  #keep(depth: number, names: Uint8Array, offset: number, length: number): void {
    const kept = (this.#names[depth] ??= { bytes: new Uint8Array(256), length: 0 });
    if (length > kept.bytes.length) kept.bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) kept.bytes[i] = names[offset + i] ?? 0;
    kept.length = length;
  }
}
