import { JsonFields, readTime, type UnknownFields } from '../json/json-fields.ts';
import { type RawJson, writeFields } from '../json/write-fields.ts';

const counts = [
  'files_new',
  'files_changed',
  'files_unmodified',
  'dirs_new',
  'dirs_changed',
  'dirs_unmodified',
  'data_blobs',
  'tree_blobs',
  'data_added',
  'data_added_packed',
  'total_files_processed',
  'total_bytes_processed',
] as const;

/** What a backup did, in the format's words: numbers of items, and bytes for `data_` and `total_bytes_`. */
export interface SnapshotSummary extends Readonly<Record<(typeof counts)[number], bigint>> {
  /** RFC 3339. */
  readonly backup_start: string | undefined;
  readonly backup_end: string | undefined;
  readonly unknown: UnknownFields;
}

/** Throws `state-damaged`. */
export function parseSummary(json: string): SnapshotSummary {
  const fields = new JsonFields(Buffer.from(json), 'The summary of a snapshot');
  const numbers = counts.map((key) => [key, fields.takeOptional(key, (reader) => reader.u64()) ?? 0n] as const);
  return {
    ...(Object.fromEntries(numbers) as Record<(typeof counts)[number], bigint>),
    backup_start: fields.takeOptional('backup_start', readTime),
    backup_end: fields.takeOptional('backup_end', readTime),
    unknown: fields.unknown,
  };
}

export function writeSummary(summary: SnapshotSummary): RawJson {
  const { backup_start, backup_end, unknown } = summary;
  const numbers = Object.fromEntries(counts.map((key) => [key, summary[key]]));
  return { json: writeFields({ backup_start, backup_end, ...numbers }, unknown) };
}
