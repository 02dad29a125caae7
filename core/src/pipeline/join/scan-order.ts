import type { EntryCursor } from '../../entries/entry-cursor.ts';
import { TreeOrder } from '../../entries/tree-order.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';

/** Proves that a stream of entries is in tree order. */
export class ScanOrder {
  readonly #order = new TreeOrder();

  /** Throws `internal` when the current entry may not come after the last one that was remembered. */
  visit(cursor: EntryCursor): void {
    if (this.#order.isNext(cursor.depth, cursor.block.names, cursor.nameOffset, cursor.nameLength)) return;
    throw new HoldfastError('internal', `The scan is out of order at "${cursor.path}".`, { path: cursor.path });
  }

  remember(cursor: EntryCursor): void {
    this.#order.keep(cursor.depth, cursor.block.names, cursor.nameOffset, cursor.nameLength);
  }
}
