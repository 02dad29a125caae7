import { compareCursors } from '../../../../entries/tree-order.ts';
import type { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { KIND_DIRECTORY } from '../../../../entries/stat-record.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { lastingFlags, type ManifestBlock, RowFlag } from '../manifest/manifest-block.ts';
import { afterRow, endOf, markOf, RangeBuilder, type RowMark } from './range-builder.ts';

type Cursor = EntryCursor<ManifestBlock>;

/** `state`: the older stream is a state, so nothing that is deleted is left over. `delta`: both are deltas, one after the other. */
export type OverlayResult = 'state' | 'delta';

/** Merges the blocks at hand of an older and a newer stream. */
export class OverlayWalk {
  /** Whether the last step used up the block of that stream. */
  olderUsed = false;
  newerUsed = false;
  readonly #older: Cursor;
  readonly #newer: Cursor;
  readonly #result: OverlayResult;
  readonly #builder: RangeBuilder;
  /** Where the rows of the older block begin that are kept and not yet in the builder. */
  #keptFrom: RowMark | undefined;
  /** Older rows deeper than this are gone with what was above them. */
  #goneBelow = Infinity;

  constructor(older: Cursor, newer: Cursor, result: OverlayResult) {
    this.#older = older;
    this.#newer = newer;
    this.#result = result;
    const history = result === 'delta' ? RowFlag.deleted | RowFlag.context | RowFlag.replaced : 0;
    this.#builder = new RangeBuilder(lastingFlags | history);
  }

  /** Works until one of the two blocks is used up. */
  *step(): Generator<ManifestBlock, void> {
    this.olderUsed = false;
    this.newerUsed = false;
    while (!this.olderUsed && !this.newerUsed) {
      const order = this.#order();
      if (order <= 0) this.#visitOlder(order === 0);
      if (order >= 0) this.#visitNewer(order === 0);
      if (order <= 0) this.olderUsed = !this.#older.advance();
      if (order >= 0) this.newerUsed = !this.#newer.advance();
      if (this.#builder.isFull && !this.olderUsed) yield this.#builder.take();
    }
    if (this.olderUsed) yield* this.#endOlderBlock();
  }

  *finish(): Generator<ManifestBlock, void> {
    if (this.#builder.count > 0) yield this.#builder.take();
  }

  /** Below zero: the older row comes first or alone; above: the newer; zero: both are of one path. */
  #order(): number {
    if (this.#older.done) return 1;
    if (this.#older.depth <= this.#goneBelow) this.#goneBelow = Infinity;
    return this.#newer.done || this.#goneBelow !== Infinity ? -1 : compareCursors(this.#older, this.#newer);
  }

  #visitOlder(isInBoth: boolean): void {
    const isKept = isInBoth ? (flagsOf(this.#newer) & RowFlag.context) !== 0 : this.#goneBelow === Infinity;
    if (isKept) this.#keptFrom ??= markOf(this.#older);
    else this.#endRange(markOf(this.#older));
  }

  #visitNewer(isInBoth: boolean): void {
    const flags = flagsOf(this.#newer);
    if ((flags & RowFlag.context) !== 0) {
      if (isInBoth) return;
      if (this.#result === 'state') {
        throw new HoldfastError(
          'state-damaged',
          `A delta changes something in "${this.#newer.path}", which is not there before it.`,
        );
      }
    }
    if (!isInBoth && !this.#older.done) this.#endRange(markOf(this.#older));
    if (isInBoth && isOpaque(this.#newer)) this.#goneBelow = this.#older.depth;
    if ((flags & RowFlag.deleted) !== 0 && this.#result === 'state') return;
    const hides = isInBoth && isOpaque(this.#older) ? RowFlag.replaced : 0;
    this.#builder.add(this.#newer.block, markOf(this.#newer), afterRow(this.#newer), hides);
  }

  #endRange(end: RowMark): void {
    if (this.#keptFrom !== undefined) this.#builder.add(this.#older.block, this.#keptFrom, end);
    this.#keptFrom = undefined;
  }

  *#endOlderBlock(): Generator<ManifestBlock, void> {
    const { block } = this.#older;
    const isWhole = this.#keptFrom?.index === 0;
    if (isWhole || this.#builder.isFull) yield* this.finish();
    if (isWhole) {
      this.#keptFrom = undefined;
      yield block;
    }
    this.#endRange(endOf(block));
  }
}

function flagsOf(cursor: Cursor): number {
  return cursor.block.rowFlags[cursor.index] ?? 0;
}

/** Whether the row hides everything that earlier runs had below its path. */
function isOpaque(cursor: Cursor): boolean {
  const flags = flagsOf(cursor);
  if ((flags & RowFlag.context) !== 0) return false;
  return (flags & (RowFlag.deleted | RowFlag.replaced)) !== 0 || cursor.kindCode !== KIND_DIRECTORY;
}
