import type { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { KIND_SYMLINK, STAT_BYTES } from '../../../../entries/stat-record.ts';
import { type ManifestBlock, ROWS_PER_BLOCK } from '../manifest/manifest-block.ts';
import { StoredBlock } from '../manifest/stored-block.ts';

/** Where a row begins in the columns of its block. */
export interface RowMark {
  readonly index: number;
  readonly name: number;
  readonly target: number;
}

interface RowRange {
  readonly block: ManifestBlock;
  readonly from: RowMark;
  to: RowMark;
  readonly addFlags: number;
}

const none = new Uint8Array(0);

export function markOf(cursor: EntryCursor<ManifestBlock>): RowMark {
  return { index: cursor.index, name: cursor.nameOffset - 4, target: cursor.targetOffset - 4 };
}

export function endOf(block: ManifestBlock): RowMark {
  return { index: block.count, name: block.names.length, target: block.targets.length };
}

/** Where the row after the current one begins. */
export function afterRow(cursor: EntryCursor<ManifestBlock>): RowMark {
  const { index, nameOffset, nameLength, targetOffset, kindCode } = cursor;
  return {
    index: index + 1,
    name: nameOffset + nameLength,
    target: kindCode === KIND_SYMLINK ? targetOffset + cursor.targetLength : targetOffset - 4,
  };
}

/** Makes a block of ranges of other blocks. What the rows' runs did (former paths) is left behind. */
export class RangeBuilder {
  count = 0;
  readonly #keptFlags: number;
  #ranges: RowRange[] = [];

  /** `keptFlags`: the row flags that stay. */
  constructor(keptFlags: number) {
    this.#keptFlags = keptFlags;
  }

  get isFull(): boolean {
    return this.count >= ROWS_PER_BLOCK;
  }

  add(block: ManifestBlock, from: RowMark, to: RowMark, addFlags = 0): void {
    if (to.index === from.index) return;
    this.count += to.index - from.index;
    const last = this.#ranges.at(-1);
    const continues = last?.block === block && last.to.index === from.index && last.addFlags === addFlags;
    if (continues) last.to = to;
    else this.#ranges.push({ block, from, to, addFlags });
  }

  /** The rows so far, and an empty builder. */
  take(): ManifestBlock {
    const ranges = this.#ranges;
    const block = new StoredBlock({
      count: this.count,
      names: concat(ranges, ({ block, from, to }) => block.names.subarray(from.name, to.name)),
      stats: concat(ranges, ({ block, from, to }) => block.stats.subarray(from.index * STAT_BYTES, to.index * STAT_BYTES)),
      targets: concat(ranges, ({ block, from, to }) => block.targets.subarray(from.target, to.target)),
      destinationStats: concat(ranges, ({ block, from, to }) =>
        block.destinationStats.subarray(from.index * STAT_BYTES, to.index * STAT_BYTES),
      ),
      rowFlags: concat(ranges, (range) => this.#flagsOf(range)),
      movedFrom: none,
      extras: () => joinExtras(ranges),
      extrasAt: (index) => extrasIn(ranges, index),
    });
    this.#ranges = [];
    this.count = 0;
    return block;
  }

  #flagsOf({ block, from, to, addFlags }: RowRange): Uint8Array {
    return block.rowFlags.subarray(from.index, to.index).map((flags) => (flags | addFlags) & this.#keptFlags);
  }
}

function concat(ranges: readonly RowRange[], part: (range: RowRange) => Uint8Array): Uint8Array {
  const parts = ranges.map(part);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of parts) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}

function extrasIn(ranges: readonly RowRange[], index: number): Uint8Array {
  let before = 0;
  for (const { block, from, to } of ranges) {
    const rows = to.index - from.index;
    if (index < before + rows) return block.extrasAt(from.index + index - before);
    before += rows;
  }
  return none;
}

function joinExtras(ranges: readonly RowRange[]): Uint8Array {
  if (ranges.every(({ block }) => block.extras().length === 0)) return none;
  const parts: Uint8Array[] = [];
  for (const { block, from, to } of ranges) {
    for (let index = from.index; index < to.index; index++) {
      const extras = block.extrasAt(index);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, extras.length, true);
      parts.push(length, extras);
    }
  }
  return new Uint8Array(Buffer.concat(parts));
}
