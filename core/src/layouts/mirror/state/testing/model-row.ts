import type { RelPath } from '../../../../contracts/rel-path.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { KIND_SYMLINK, STAT_BYTES, StatField } from '../../../../entries/stat-record.ts';
import { comparePaths, decodeText, encodeText } from '../../../../paths/rel-path.ts';
import { type ManifestBlock } from '../manifest/manifest-block.ts';
import type { ManifestRow } from '../manifest/manifest-row-writer.ts';

/** A row as text and numbers, to compare what was read with what was written. */
export interface ModelRow {
  readonly path: string;
  readonly kind: number;
  /** Fills both records; the destination's differs by one. */
  readonly seed: number;
  readonly flags?: number;
  readonly target?: string;
  readonly extras?: string;
  readonly movedFrom?: string;
}

export function recordOf(kind: number, seed: number): Uint8Array {
  const record = new Uint8Array(STAT_BYTES);
  const view = new DataView(record.buffer);
  view.setUint8(StatField.kind, kind);
  view.setUint8(StatField.flags, 15);
  view.setUint32(StatField.mode, 0o644, true);
  view.setBigUint64(StatField.size, BigInt(seed % 5000), true);
  view.setBigInt64(StatField.mtime, BigInt(1_700_000_000 + seed), true);
  view.setUint32(StatField.mtime + 8, (seed * 40_503) % 1_000_000_000, true);
  view.setBigUint64(StatField.ino, BigInt(seed), true);
  return record;
}

export function toManifestRow(row: ModelRow): ManifestRow {
  return {
    path: row.path as RelPath,
    flags: row.flags ?? 0,
    stats: recordOf(row.kind, row.seed),
    statOffset: 0,
    destinationStats: recordOf(row.kind, row.seed + 1),
    destinationOffset: 0,
    target: row.target === undefined ? undefined : encodeText(row.target),
    extras: row.extras === undefined ? undefined : Buffer.from(row.extras),
    movedFrom: row.movedFrom === undefined ? undefined : encodeText(row.movedFrom),
  };
}

/** What a stream of blocks holds. Throws when a record is not what `recordOf` makes. */
export async function readRows(blocks: AsyncIterable<ManifestBlock>): Promise<ModelRow[]> {
  const cursor = new EntryCursor(blocks);
  const rows: ModelRow[] = [];
  await cursor.start();
  while (!cursor.done) {
    do rows.push(readRow(cursor));
    while (cursor.advance());
    await cursor.refill();
  }
  return rows;
}

export function sortRows<Row extends { readonly path: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => comparePaths(a.path as RelPath, b.path as RelPath));
}

function readRow(cursor: EntryCursor<ManifestBlock>): ModelRow {
  const { block, index } = cursor;
  const seed = Number(new DataView(cursor.stat.buffer, cursor.stat.byteOffset).getBigUint64(StatField.ino, true));
  const destination = block.destinationStats.subarray(index * STAT_BYTES, (index + 1) * STAT_BYTES);
  const flags = block.rowFlags[index] ?? 0;
  const isContext = (flags & 2) !== 0;
  if (!isContext && Buffer.compare(recordOf(cursor.kindCode, seed), cursor.stat) !== 0)
    throw new Error(`Wrong record of ${cursor.path}`);
  if (!isContext && Buffer.compare(recordOf(cursor.kindCode, seed + 1), destination) !== 0)
    throw new Error(`Wrong record of ${cursor.path}`);
  const extras = block.extrasAt(index);
  const movedFrom = block.movedFromAt(index);
  return {
    path: cursor.path,
    kind: cursor.kindCode,
    seed,
    ...(flags === 0 ? {} : { flags }),
    ...(cursor.kindCode === KIND_SYMLINK ? { target: decodeText(cursor.target) } : {}),
    ...(extras.length === 0 ? {} : { extras: Buffer.from(extras).toString() }),
    ...(movedFrom === undefined ? {} : { movedFrom: decodeText(movedFrom) }),
  };
}
