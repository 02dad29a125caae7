import { KIND_SYMLINK, STAT_BYTES } from '../../../../entries/stat-record.ts';
import { ColumnBuffer } from './column-buffer.ts';
import type { RawColumns } from './encode-block.ts';
import { type ManifestBlock, RowFlag, ROWS_PER_BLOCK } from './manifest-block.ts';
import { FULL_BLOCK_BYTES } from './manifest-layout.ts';
import { type FileExtras, MAX_FILE_EXTRAS_BYTES, writeFileExtras } from './row-extras.ts';
import { StoredBlock } from './stored-block.ts';

const none = new Uint8Array(0);
const zeroRecord = new Uint8Array(STAT_BYTES);

/** One row. The byte arrays are copied. */
export interface BlockRow {
  readonly depth: number;
  readonly name: Uint8Array;
  readonly flags: number;
  /** Holds the source's record at `statOffset`. */
  readonly stats: Uint8Array;
  readonly statOffset: number;
  /** Holds the destination's record at `destinationOffset`; absent: not known. */
  readonly destinationStats?: Uint8Array | undefined;
  readonly destinationOffset?: number;
  /** Bytes of a symbolic link's target. */
  readonly target?: Uint8Array | undefined;
  readonly extras?: Uint8Array | undefined;
  readonly movedFrom?: Uint8Array | undefined;
}

/** A file that was stored, which gives its row away piece by piece: a first run has one for almost every entry. */
export interface FileRow extends FileExtras {
  readonly depth: number;
  readonly rowFlags: number;
  /** Copies the source's record, STAT_BYTES bytes. */
  copySource(into: Uint8Array, at: number): void;
  /** Copies that of what is at the destination. */
  copyDestination(into: Uint8Array, at: number): void;
}

/** Collects rows into the columns of a block. */
export class BlockBuilder {
  count = 0;
  readonly #names = new ColumnBuffer(32 * ROWS_PER_BLOCK);
  readonly #stats = new ColumnBuffer(STAT_BYTES * ROWS_PER_BLOCK);
  readonly #targets = new ColumnBuffer(1024);
  readonly #destinationStats = new ColumnBuffer(STAT_BYTES * ROWS_PER_BLOCK);
  readonly #rowFlags = new ColumnBuffer(ROWS_PER_BLOCK);
  readonly #movedFrom = new ColumnBuffer(1024);
  readonly #extras = new ColumnBuffer(64 * ROWS_PER_BLOCK);

  get isFull(): boolean {
    return this.count >= ROWS_PER_BLOCK || this.#names.length + this.#targets.length + this.#extras.length >= FULL_BLOCK_BYTES;
  }

  add(row: BlockRow): void {
    const at = this.#names.extend(row.name.length + 4);
    this.#names.view.setUint16(at, row.depth, true);
    this.#names.view.setUint16(at + 2, row.name.length, true);
    this.#names.bytes.set(row.name, at + 4);
    copyRecord(this.#stats, row.stats, row.statOffset);
    copyRecord(this.#destinationStats, row.destinationStats ?? zeroRecord, row.destinationOffset ?? 0);
    const flag = this.#rowFlags.extend(1);
    this.#rowFlags.bytes[flag] = row.flags;
    if (row.stats[row.statOffset] === KIND_SYMLINK) this.#targets.appendWithLength(row.target ?? none);
    if ((row.flags & RowFlag.movedHere) !== 0) this.#movedFrom.appendWithLength(row.movedFrom ?? none);
    this.#extras.appendWithLength(row.extras ?? none);
    this.count++;
  }

  /** Adds the row of a file; its name is what its path has from `nameStart` on. */
  addFile(file: FileRow, path: Uint8Array, nameStart: number): void {
    const nameLength = path.length - nameStart;
    const at = this.#names.extend(nameLength + 4);
    this.#names.view.setUint16(at, file.depth, true);
    this.#names.view.setUint16(at + 2, nameLength, true);
    const { bytes } = this.#names;
    for (let index = 0; index < nameLength; index++) bytes[at + 4 + index] = path[nameStart + index] ?? 0;
    const source = this.#stats.extend(STAT_BYTES);
    file.copySource(this.#stats.bytes, source);
    const destination = this.#destinationStats.extend(STAT_BYTES);
    file.copyDestination(this.#destinationStats.bytes, destination);
    const flag = this.#rowFlags.extend(1);
    this.#rowFlags.bytes[flag] = file.rowFlags;
    const extras = this.#extras.extend(4 + MAX_FILE_EXTRAS_BYTES);
    const length = writeFileExtras(this.#extras.bytes, extras + 4, file);
    this.#extras.view.setUint32(extras, length, true);
    this.#extras.length = extras + 4 + length;
    this.count++;
  }

  /** The columns of the rows so far, and an empty builder. */
  takeColumns(): RawColumns {
    const columns = {
      names: this.#names.take(),
      stats: this.#stats.take(),
      targets: this.#targets.take(),
      destinationStats: this.#destinationStats.take(),
      rowFlags: this.#rowFlags.take(),
      movedFrom: this.#movedFrom.take(),
      extras: this.#extras.length === this.count * 4 ? none : this.#extras.take(),
    };
    this.count = 0;
    for (const column of [
      this.#names,
      this.#stats,
      this.#targets,
      this.#destinationStats,
      this.#rowFlags,
      this.#movedFrom,
      this.#extras,
    ]) {
      column.clear();
    }
    return columns;
  }

  /** The rows so far as a block, and an empty builder. */
  takeBlock(): ManifestBlock {
    const count = this.count;
    const { extras, ...columns } = this.takeColumns();
    return new StoredBlock({ ...columns, count, extras: () => extras });
  }
}

function copyRecord(column: ColumnBuffer, records: Uint8Array, offset: number): void {
  const at = column.extend(STAT_BYTES);
  column.bytes.set(records.subarray(offset, offset + STAT_BYTES), at);
}
