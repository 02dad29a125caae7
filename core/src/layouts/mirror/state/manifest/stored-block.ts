import type { ManifestBlock } from './manifest-block.ts';
import { RowFlag } from './manifest-block.ts';

export interface BlockColumns {
  readonly count: number;
  readonly names: Uint8Array;
  readonly stats: Uint8Array;
  readonly targets: Uint8Array;
  readonly destinationStats: Uint8Array;
  readonly rowFlags: Uint8Array;
  /** For each row with `movedHere`: u32 length, the bytes of a path. */
  readonly movedFrom: Uint8Array;
  /** For each row: u32 length, the bytes of its extras; empty when no row of the block has any. Called once, when they are asked for. */
  readonly extras: () => Uint8Array;
  /** Those of one row, where they can be had without all others. */
  readonly extrasAt?: (index: number) => Uint8Array;
}

const none = new Uint8Array(0);

/** A block of a manifest over its columns. */
export class StoredBlock implements ManifestBlock {
  readonly count: number;
  readonly names: Uint8Array;
  readonly stats: Uint8Array;
  readonly targets: Uint8Array;
  readonly destinationStats: Uint8Array;
  readonly rowFlags: Uint8Array;
  readonly movedFrom: Uint8Array;
  /** Numbers of devices change when a disk is mounted again, so none are stored. */
  readonly device = 0n;
  readonly #unpackExtras: () => Uint8Array;
  readonly #extrasAt: ((index: number) => Uint8Array) | undefined;
  #column: Uint8Array | undefined;
  #extras: readonly Uint8Array[] | undefined;
  #moves: Map<number, Uint8Array> | undefined;

  constructor(columns: BlockColumns) {
    this.count = columns.count;
    this.names = columns.names;
    this.stats = columns.stats;
    this.targets = columns.targets;
    this.destinationStats = columns.destinationStats;
    this.rowFlags = columns.rowFlags;
    this.movedFrom = columns.movedFrom;
    this.#unpackExtras = columns.extras;
    this.#extrasAt = columns.extrasAt;
  }

  extras(): Uint8Array {
    return (this.#column ??= this.#unpackExtras());
  }

  extrasAt(index: number): Uint8Array {
    if (this.#extrasAt !== undefined) return this.#extrasAt(index);
    this.#extras ??= split(this.extras());
    return this.#extras[index] ?? none;
  }

  movedFromAt(index: number): Uint8Array | undefined {
    return this.movedFrom.length === 0 ? undefined : (this.#moves ??= this.#pairMoves()).get(index);
  }

  #pairMoves(): Map<number, Uint8Array> {
    const paths = split(this.movedFrom);
    const moves = new Map<number, Uint8Array>();
    for (let index = 0; index < this.count; index++) {
      const path = paths[moves.size];
      if (((this.rowFlags[index] ?? 0) & RowFlag.movedHere) !== 0 && path !== undefined) moves.set(index, path);
    }
    return moves;
  }
}

/** The items of a column of lengths and bytes. */
function split(column: Uint8Array): Uint8Array[] {
  const view = new DataView(column.buffer, column.byteOffset, column.byteLength);
  const items: Uint8Array[] = [];
  for (let at = 0; at < column.length; ) {
    const start = at + 4;
    at = start + view.getUint32(at, true);
    items.push(column.subarray(start, at));
  }
  return items;
}
