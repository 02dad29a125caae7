import type { Digest, DigestAlgorithm } from '../../../../contracts/call-options.ts';
import type { EntryMetadata } from '../../../../contracts/entry.ts';
import { decodeText, encodeText } from '../../../../paths/rel-path.ts';

/** What a manifest knows of an entry beyond its record. */
export interface RowExtras {
  /** Of the file's bytes. */
  readonly digest?: Digest;
  /** What the record does not hold: atime, birth time, inode flags, xattrs, names of user and group. */
  readonly metadata: Pick<EntryMetadata, 'atimeNs' | 'birthtimeNs' | 'flags' | 'xattrs' | 'user' | 'group'>;
}

/** Field numbers. A reader passes over those it does not know. */
const Field = { digest: 1, atime: 2, birthtime: 3, inodeFlags: 4, xattrs: 5, user: 6, group: 7 } as const;
const FIELD_HEAD_BYTES = 5;
const NS_PER_SECOND = 1_000_000_000n;
/** i64 seconds, u32 nanoseconds. */
const TIME_BYTES = 12;
const FLAGS_BYTES = 4;
const blake3Name = named(Buffer.from('blake3', 'latin1'));

/** Fields, each: u8 number, u32 length, its bytes. docs/formats/manifest.md lists them. */
export function encodeExtras(extras: RowExtras): Uint8Array {
  const { digest, metadata } = extras;
  const parts: Uint8Array[] = [];
  if (digest !== undefined) parts.push(...field(Field.digest, [named(Buffer.from(digest.algorithm, 'latin1')), digest.value]));
  if (metadata.atimeNs !== undefined) parts.push(...field(Field.atime, [encodeTime(metadata.atimeNs)]));
  if (metadata.birthtimeNs !== undefined) parts.push(...field(Field.birthtime, [encodeTime(metadata.birthtimeNs)]));
  if (metadata.flags !== undefined) {
    const bits = Buffer.alloc(FLAGS_BYTES);
    bits.writeUInt32LE(metadata.flags);
    parts.push(...field(Field.inodeFlags, [bits]));
  }
  if (metadata.xattrs !== undefined) parts.push(...field(Field.xattrs, encodeXattrs(metadata.xattrs)));
  if (metadata.user !== undefined) parts.push(...field(Field.user, [encodeText(metadata.user)]));
  if (metadata.group !== undefined) parts.push(...field(Field.group, [encodeText(metadata.group)]));
  return Buffer.concat(parts);
}

/** What is recorded of a file that was stored; each part is copied to where it is to be. */
export interface FileExtras {
  /** It has neither extended attributes nor inode flags. */
  readonly isBare: boolean;
  /** Its BLAKE3 digest, 32 bytes. */
  copyDigest(into: Uint8Array, at: number): void;
  /** Its access (0) or birth time (1): i64 seconds, u32 nanoseconds. Answers false where that is not known. */
  copyTime(which: 0 | 1, into: Uint8Array, at: number): boolean;
}

const DIGEST_BYTES = 32;
/** The most that `writeFileExtras` writes. */
export const MAX_FILE_EXTRAS_BYTES = 5 * FIELD_HEAD_BYTES + blake3Name.length + DIGEST_BYTES + 2 * TIME_BYTES + FLAGS_BYTES;

/** Writes what `encodeExtras` would answer of a file, from `start` on. Answers how many bytes that was. */
export function writeFileExtras(bytes: Uint8Array, start: number, file: FileExtras): number {
  let at = writeHead(bytes, start, Field.digest, blake3Name.length + DIGEST_BYTES);
  bytes.set(blake3Name, at);
  file.copyDigest(bytes, at + blake3Name.length);
  at += blake3Name.length + DIGEST_BYTES;
  for (const which of [0, 1] as const) {
    if (!file.copyTime(which, bytes, at + FIELD_HEAD_BYTES)) continue;
    at = writeHead(bytes, at, which === 0 ? Field.atime : Field.birthtime, TIME_BYTES) + TIME_BYTES;
  }
  if (file.isBare) {
    at = writeHead(bytes, at, Field.inodeFlags, FLAGS_BYTES);
    bytes.fill(0, at, at + FLAGS_BYTES);
    at = writeHead(bytes, at + FLAGS_BYTES, Field.xattrs, 0);
  }
  return at - start;
}

/** The same in memory of its own. */
export function encodeFileExtras(file: FileExtras): Uint8Array {
  const bytes = new Uint8Array(MAX_FILE_EXTRAS_BYTES);
  return bytes.subarray(0, writeFileExtras(bytes, 0, file));
}

/** What `encodeExtras` was given. Throws a RangeError for damaged bytes. */
export function decodeExtras(bytes: Uint8Array): RowExtras {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const metadata: { -readonly [Name in keyof RowExtras['metadata']]: RowExtras['metadata'][Name] } = {};
  let digest: Digest | undefined;
  for (let at = 0; at < buffer.length; ) {
    const start = at + FIELD_HEAD_BYTES;
    const value = buffer.subarray(start, start + buffer.readUInt32LE(at + 1));
    const number = buffer.readUInt8(at);
    at = start + value.length;
    if (number === Field.digest) digest = decodeDigest(value);
    else if (number === Field.atime) metadata.atimeNs = decodeTime(value);
    else if (number === Field.birthtime) metadata.birthtimeNs = decodeTime(value);
    else if (number === Field.inodeFlags) metadata.flags = value.readUInt32LE(0);
    else if (number === Field.user) metadata.user = decodeText(value);
    else if (number === Field.group) metadata.group = decodeText(value);
    else if (number === Field.xattrs) metadata.xattrs = decodeXattrs(value);
  }
  return digest === undefined ? { metadata } : { metadata, digest };
}

function field(number: number, value: readonly Uint8Array[]): Uint8Array[] {
  const head = Buffer.alloc(FIELD_HEAD_BYTES);
  head.writeUInt8(number, 0);
  head.writeUInt32LE(
    value.reduce((sum, { length }) => sum + length, 0),
    1,
  );
  return [head, ...value];
}

/** Answers where the value begins. */
function writeHead(bytes: Uint8Array, at: number, number: number, length: number): number {
  bytes[at] = number;
  for (let byte = 0; byte < 4; byte++) bytes[at + 1 + byte] = length >>> (8 * byte);
  return at + FIELD_HEAD_BYTES;
}

/** u16 length and the bytes of a name. */
function named(name: Uint8Array): Uint8Array {
  const head = Buffer.alloc(2);
  head.writeUInt16LE(name.length);
  return Buffer.concat([head, name]);
}

function nameOf(value: Buffer): Buffer {
  return value.subarray(2, 2 + value.readUInt16LE(0));
}

function afterName(value: Buffer): Uint8Array {
  return new Uint8Array(value.subarray(2 + value.readUInt16LE(0)));
}

function decodeDigest(value: Buffer): Digest {
  return { algorithm: nameOf(value).toString('latin1') as DigestAlgorithm, value: afterName(value) };
}

/** For each attribute: u16 length and bytes of its name, u32 length and bytes of its value. No bytes: there are none. */
function encodeXattrs(xattrs: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  return [...xattrs].flatMap(([name, value]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(value.length);
    return [named(encodeText(name)), length, value];
  });
}

function decodeXattrs(bytes: Buffer): Map<string, Uint8Array> {
  const xattrs = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const name = nameOf(bytes.subarray(at));
    const start = at + 2 + name.length + 4;
    at = start + bytes.readUInt32LE(start - 4);
    xattrs.set(decodeText(name), new Uint8Array(bytes.subarray(start, at)));
  }
  return xattrs;
}

/** i64 seconds, u32 nanoseconds. */
function encodeTime(ns: bigint): Uint8Array {
  const rest = BigInt.asUintN(64, ((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND);
  const bytes = Buffer.alloc(12);
  bytes.writeBigInt64LE((ns - rest) / NS_PER_SECOND, 0);
  bytes.writeUInt32LE(Number(rest), 8);
  return bytes;
}

function decodeTime(value: Buffer): bigint {
  return value.readBigInt64LE(0) * NS_PER_SECOND + BigInt(value.readUInt32LE(8));
}
