import { JsonFields, readCount, readId, readString, readStrings, readTime, type UnknownFields } from '../json/json-fields.ts';
import { rawValue } from '../json/raw-value.ts';
import { type FieldValue, writeFields } from '../json/write-fields.ts';
import { formatId } from '../object-id.ts';
import { parseSummary, type SnapshotSummary, writeSummary } from './snapshot-summary.ts';

/** A file below `snapshots/`. What the format leaves out when it is empty is empty here, and undefined where that is something else. */
export interface SnapshotFile {
  /** RFC 3339. */
  readonly time: string;
  readonly parent: Uint8Array | undefined;
  readonly tree: Uint8Array;
  /** Absolute. */
  readonly paths: readonly string[];
  readonly hostname: string;
  readonly username: string;
  readonly uid: number;
  readonly gid: number;
  readonly excludes: readonly string[];
  readonly tags: readonly string[];
  /** The first of the snapshots that this one was made of by a change of its tags or the like. */
  readonly original: Uint8Array | undefined;
  readonly programVersion: string;
  readonly summary: SnapshotSummary | undefined;
  /** What others keep there; it is written back. */
  readonly unknown: UnknownFields;
}

/** Throws `state-damaged`. */
export function parseSnapshot(bytes: Uint8Array): SnapshotFile {
  const fields = new JsonFields(bytes, 'A snapshot of the repository');
  const summary = fields.takeOptional('summary', rawValue);
  return {
    time: fields.take('time', readTime),
    parent: fields.takeOptional('parent', readId),
    tree: fields.take('tree', readId),
    paths: fields.takeOptional('paths', readStrings) ?? [],
    hostname: fields.takeOptional('hostname', readString) ?? '',
    username: fields.takeOptional('username', readString) ?? '',
    uid: fields.takeOptional('uid', readCount) ?? 0,
    gid: fields.takeOptional('gid', readCount) ?? 0,
    excludes: fields.takeOptional('excludes', readStrings) ?? [],
    tags: fields.takeOptional('tags', readStrings) ?? [],
    original: fields.takeOptional('original', readId),
    programVersion: fields.takeOptional('program_version', readString) ?? '',
    summary: summary === undefined ? undefined : parseSummary(summary),
    unknown: fields.unknown,
  };
}

/** The file's JSON, with the fields in restic's order. */
export function writeSnapshot(snapshot: SnapshotFile): Buffer {
  const { time, tree, paths, uid, gid, summary, unknown } = snapshot;
  const fields: Record<string, FieldValue> = {
    time,
    parent: idOrNone(snapshot.parent),
    tree: formatId(tree),
    paths,
    hostname: snapshot.hostname || undefined,
    username: snapshot.username || undefined,
    uid: uid || undefined,
    gid: gid || undefined,
    excludes: listOrNone(snapshot.excludes),
    tags: listOrNone(snapshot.tags),
    original: idOrNone(snapshot.original),
    program_version: snapshot.programVersion || undefined,
    summary: summary === undefined ? undefined : writeSummary(summary),
  };
  return Buffer.from(writeFields(fields, unknown));
}

function idOrNone(id: Uint8Array | undefined): string | undefined {
  return id === undefined ? undefined : formatId(id);
}

function listOrNone(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts;
}
