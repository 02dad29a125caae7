import type { EntryCursor } from '../../entries/entry-cursor.ts';
import { knows, sameKind, sameModificationTime, sameSize } from '../../entries/stat-reader.ts';
import { KIND_SYMLINK, STAT_BYTES, StatFlag } from '../../entries/stat-record.ts';
import type { RecordedBlock } from '../layout.ts';

type Recorded = EntryCursor<RecordedBlock>;

/** How many entries from here on are equal in all streams, found by comparing whole columns; 0 when the columns differ anywhere. */
export function equalRunLength(source: EntryCursor, destination: EntryCursor | undefined, recorded: Recorded): number {
  let shortest: EntryCursor = source;
  for (const cursor of [recorded, destination]) {
    if (cursor !== undefined && namesLeft(cursor) < namesLeft(shortest)) shortest = cursor;
  }
  const run = shortest.block.count - shortest.index;
  const length = namesLeft(shortest);
  if (!equalNames(source, recorded, length)) return 0;
  if (destination !== undefined && !equalNames(destination, recorded, length)) return 0;
  if (!equalStats(source.block.stats, source.statOffset, recorded.block.stats, recorded.statOffset, run)) return 0;
  if (destination !== undefined) {
    const theirs = recorded.block.destinationStats;
    if (!equalStats(destination.block.stats, destination.statOffset, theirs, recorded.statOffset, run)) return 0;
  }
  return equalTargets(shortest, [source, recorded, destination]) ? run : 0;
}

/** Whether the current entries are one path and as recorded on both sides. */
export function sameAsRecorded(source: EntryCursor, destination: EntryCursor | undefined, recorded: Recorded): boolean {
  if (!sameName(source, recorded) || (destination !== undefined && !sameName(destination, recorded))) return false;
  if (!sourceAsRecorded(source, recorded)) return false;
  return destination === undefined || destinationAsRecorded(destination, recorded);
}

export function sourceAsRecorded(source: EntryCursor, recorded: Recorded): boolean {
  return (
    equalStats(source.block.stats, source.statOffset, recorded.block.stats, recorded.statOffset, 1) &&
    sameTarget(source, recorded)
  );
}

export function destinationAsRecorded(destination: EntryCursor, recorded: Recorded): boolean {
  if (!sameTarget(destination, recorded)) return false;
  const { statOffset, block } = recorded;
  if (equalStats(destination.block.stats, destination.statOffset, block.destinationStats, statOffset, 1)) return true;
  return agreesWith(destination.stat, block.destinationStats.subarray(statOffset, statOffset + STAT_BYTES));
}

/** A destination without batches tells less after a write than its scan does: then what it told must hold. */
function agreesWith(found: Uint8Array, recorded: Uint8Array): boolean {
  if (knows(recorded, StatFlag.identity) || !knows(recorded, StatFlag.mtime)) return false;
  return sameKind(found, recorded) && sameSize(found, recorded) && sameModificationTime(found, recorded);
}

export function sameTarget(a: EntryCursor, b: EntryCursor): boolean {
  if (a.kindCode !== KIND_SYMLINK || b.kindCode !== KIND_SYMLINK) return a.kindCode === b.kindCode;
  return Buffer.compare(a.target, b.target) === 0;
}

function sameName(a: EntryCursor, b: EntryCursor): boolean {
  if (a.depth !== b.depth || a.nameLength !== b.nameLength) return false;
  for (let i = 0; i < a.nameLength; i++) {
    if (a.block.names[a.nameOffset + i] !== b.block.names[b.nameOffset + i]) return false;
  }
  return true;
}

/** Bytes of the names column from the current entry's length fields on. */
function namesLeft(cursor: EntryCursor): number {
  return cursor.block.names.length - (cursor.nameOffset - 4);
}

function equalNames(a: EntryCursor, b: EntryCursor, length: number): boolean {
  return equalBytes(a.block.names, a.nameOffset - 4, b.block.names, b.nameOffset - 4, length);
}

function equalStats(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number, count: number): boolean {
  return equalBytes(a, aOffset, b, bOffset, count * STAT_BYTES);
}

function equalBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  return Buffer.compare(a.subarray(aStart, aStart + length), b.subarray(bStart, bStart + length)) === 0;
}

/** The targets that belong to the run are all that are left in the shortest stream's block. */
function equalTargets(shortest: EntryCursor, cursors: readonly (EntryCursor | undefined)[]): boolean {
  const length = shortest.block.targets.length - (shortest.targetOffset - 4);
  return cursors.every(
    (cursor) =>
      cursor === undefined ||
      cursor === shortest ||
      length <= 0 ||
      equalBytes(cursor.block.targets, cursor.targetOffset - 4, shortest.block.targets, shortest.targetOffset - 4, length),
  );
}
