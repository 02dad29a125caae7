import type { EntryMetadata } from '../../contracts/entry.ts';
import { KIND_DIRECTORY, STAT_BYTES } from '../../entries/stat-record.ts';
import { type PlanRecord, RecordFlag, RecordState } from '../../pipeline/plan/plan-record.ts';
import type { Plan } from '../../pipeline/plan/plan.ts';
import { encodePath } from '../../paths/rel-path.ts';
import { RowFlag } from './state/manifest/manifest-block.ts';
import type { ManifestRow } from './state/manifest/manifest-row-writer.ts';
import { decodeExtras, encodeExtras, encodeFileExtras, type FileExtras, type RowExtras } from './state/manifest/row-extras.ts';

const unknownStat = new Uint8Array(STAT_BYTES);
/** Of an entry that has neither extended attributes nor inode flags. */
const nothing: RowExtras['metadata'] = { xattrs: new Map(), flags: 0 };

export interface RowContext {
  readonly plan: Plan;
  /** Whether what a run retires is kept. */
  readonly keepsRetired: boolean;
  /** Metadata of what was described because no record holds it. */
  readonly described: (record: PlanRecord) => EntryMetadata | undefined;
}

/** The row that a record leaves in the manifest of its run; undefined where what was recorded before still holds. */
export function rowOf(record: PlanRecord, context: RowContext): ManifestRow | undefined {
  if (record.has(RecordFlag.noRow)) return undefined;
  return record.has(RecordFlag.hasSource) ? presentRow(record, context) : goneRow(record, context);
}

function presentRow(record: PlanRecord, context: RowContext): ManifestRow | undefined {
  const failed = record.state === RecordState.failed;
  if (failed && record.sourceKind !== KIND_DIRECTORY) return undefined;
  const moved = record.op === 'move' ? encodePath(context.plan.read(record.origin).path) : undefined;
  return {
    path: record.path,
    stats: record.source,
    statOffset: 0,
    destinationStats: failed || !record.has(RecordFlag.hasDestination) ? unknownStat : record.destination,
    destinationOffset: 0,
    flags: presentFlags(record),
    target: record.target,
    extras: extrasOf(record, context),
    ...(moved === undefined ? {} : { movedFrom: moved }),
  };
}

function presentFlags(record: PlanRecord): number {
  const rewritten = record.op === 'store' || record.op === 'link' || record.op === 'move';
  const replaced = rewritten && record.has(RecordFlag.hasManifest);
  return (
    (replaced ? RowFlag.replaced : 0) |
    (replaced && record.has(RecordFlag.displaced) ? RowFlag.archived : 0) |
    (replaced && record.movesAway ? RowFlag.movedAway : 0) |
    (record.op === 'move' ? RowFlag.movedHere : 0) |
    (record.has(RecordFlag.torn) ? RowFlag.torn : 0)
  );
}

/** What the source does not have any more. It needs a row only where an earlier run recorded it. */
function goneRow(record: PlanRecord, context: RowContext): ManifestRow | undefined {
  const gone = record.movesAway || record.state === RecordState.done || !record.has(RecordFlag.hasDestination);
  if (!gone || !record.has(RecordFlag.hasManifest)) return undefined;
  const archived = context.keepsRetired && record.has(RecordFlag.hasDestination) && !record.movesAway;
  return {
    path: record.path,
    stats: record.manifest,
    statOffset: 0,
    flags: RowFlag.deleted | (record.movesAway ? RowFlag.movedAway : 0) | (archived ? RowFlag.archived : 0),
  };
}

function extrasOf(record: PlanRecord, context: RowContext): Uint8Array {
  const { plan } = context;
  const described = context.described(record);
  // A link's name is of the file that its first name is.
  const made = record.op === 'link' && record.first >= 0 ? plan.read(record.first) : record;
  const origin = record.op === 'move' ? plan.read(record.origin).extras : made.extras;
  if (record.sourceKind === KIND_DIRECTORY)
    return described === undefined ? origin : encodeExtras({ metadata: pickExtras(described) });
  const { digest } = made;
  const isBare = made.has(RecordFlag.bare) && described === undefined;
  if (made.op === 'store' && digest !== undefined && described === undefined) return encodeFileExtras(fileExtras(made, isBare));
  const times = timesOf(made);
  if (made.op !== 'store' && digest === undefined && described === undefined && !isBare && Object.keys(times).length === 0)
    return origin;
  // Of what was stored anew nothing that was recorded of the old one holds, its digest neither: nobody may have computed the new one.
  const before: RowExtras = made.op === 'store' || origin.length === 0 ? { metadata: {} } : decodeExtras(origin);
  const known = digest === undefined ? before.digest : { algorithm: 'blake3' as const, value: digest };
  const own = described === undefined ? (isBare ? nothing : {}) : pickExtras(described);
  return encodeExtras({ metadata: { ...before.metadata, ...own, ...times }, ...(known === undefined ? {} : { digest: known }) });
}

function fileExtras(record: PlanRecord, isBare: boolean): FileExtras {
  return {
    isBare,
    copyDigest: (into, at) => record.copyDigest(into, at),
    copyTime: (which, into, at) => record.copyTime(which, into, at),
  };
}

function timesOf(record: PlanRecord): Pick<EntryMetadata, 'atimeNs' | 'birthtimeNs'> {
  const { times } = record;
  const read = (offset: number): bigint => times.readBigInt64LE(offset) * 1_000_000_000n + BigInt(times.readUInt32LE(offset + 8));
  const [atimeNs, birthtimeNs] = [read(0), read(16)];
  return { ...(atimeNs === 0n ? {} : { atimeNs }), ...(birthtimeNs === 0n ? {} : { birthtimeNs }) };
}

function pickExtras(metadata: EntryMetadata): RowExtras['metadata'] {
  const { mode: _mode, uid: _uid, gid: _gid, mtimeNs: _mtime, ...extras } = metadata;
  return extras;
}
