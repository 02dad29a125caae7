import { TreeOrder } from '../../../../entries/tree-order.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';

/** Checks that rows come in tree order: rows in disorder would make the next run take live files for deleted ones. */
export class RowOrder {
  readonly #order = new TreeOrder();

  /** Throws `internal` when the row may not follow the one before. */
  check(depth: number, names: Uint8Array, offset: number, length: number): void {
    if (!this.#order.isNext(depth, names, offset, length)) {
      const name = Buffer.from(names.subarray(offset, offset + length)).toString();
      throw new HoldfastError('internal', `A manifest was given rows that are not in tree order, at "${name}".`);
    }
    this.#order.keep(depth, names, offset, length);
  }
}
