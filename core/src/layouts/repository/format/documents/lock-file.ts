import { JsonFields, readCount, readString, readTime, type UnknownFields } from '../json/json-fields.ts';
import { writeFields } from '../json/write-fields.ts';

/** A file below `locks/`: who works with the repository. Times as RFC 3339. */
export interface LockFile {
  readonly time: string;
  readonly exclusive: boolean;
  readonly hostname: string;
  readonly username: string;
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly unknown: UnknownFields;
}

/** Throws `state-damaged`. */
export function parseLock(bytes: Uint8Array): LockFile {
  const fields = new JsonFields(bytes, 'A lock of the repository');
  return {
    time: fields.take('time', readTime),
    exclusive: fields.takeOptional('exclusive', (reader) => reader.boolean()) ?? false,
    hostname: fields.takeOptional('hostname', readString) ?? '',
    username: fields.takeOptional('username', readString) ?? '',
    pid: fields.takeOptional('pid', readCount) ?? 0,
    uid: fields.takeOptional('uid', readCount) ?? 0,
    gid: fields.takeOptional('gid', readCount) ?? 0,
    unknown: fields.unknown,
  };
}

export function writeLock({ time, exclusive, hostname, username, pid, uid, gid, unknown }: LockFile): Buffer {
  const fields = { time, exclusive, hostname, username, pid, uid: uid || undefined, gid: gid || undefined };
  return Buffer.from(writeFields(fields, unknown));
}
