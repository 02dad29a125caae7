import { KIND_FILE } from '../../entries/stat-record.ts';
import { type PlanRecord, RecordFlag, RecordState } from '../../pipeline/plan/plan-record.ts';
import type { FileRow } from './state/manifest/block-builder.ts';

const needed = RecordFlag.hasDestination | RecordFlag.hasDigest | RecordFlag.bare;
const remarkable = RecordFlag.hasManifest | RecordFlag.torn | RecordFlag.noRow | RecordFlag.describe | RecordFlag.linked;

/** Whether a record is of a new file with nothing to remark, so that `PlainFileRow` says all that its row holds. */
export function isPlainFile(record: PlanRecord): boolean {
  const { flags } = record;
  return (
    (flags & needed) === needed &&
    (flags & remarkable) === 0 &&
    record.sourceKind === KIND_FILE &&
    record.op === 'store' &&
    record.state === RecordState.done &&
    !record.movesAway
  );
}

/** The row of a plain file. One object serves for all of them, one after the other. */
export class PlainFileRow implements FileRow {
  readonly isBare = true;
  rowFlags = 0;
  record!: PlanRecord;

  get depth(): number {
    return this.record.depth;
  }
  copySource(into: Uint8Array, at: number): void {
    this.record.copySource(into, at);
  }
  copyDestination(into: Uint8Array, at: number): void {
    this.record.copyDestination(into, at);
  }
  copyDigest(into: Uint8Array, at: number): void {
    this.record.copyDigest(into, at);
  }
  copyTime(which: 0 | 1, into: Uint8Array, at: number): boolean {
    return this.record.copyTime(which, into, at);
  }
}
