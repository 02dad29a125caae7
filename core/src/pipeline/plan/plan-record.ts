import type { OperationName, OperationReason } from '../../contracts/events.ts';
import type { Entry } from '../../contracts/entry.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { STAT_BYTES, StatField, StatFlag } from '../../entries/stat-record.ts';
import { unpackEntry } from '../../entries/unpack-entry.ts';
import { decodeText } from '../../paths/rel-path.ts';

/** Offsets in a plan record, little endian; the path, the link's target, the manifest's record and extras follow. */
export const RecordField = {
  length: 0,
  op: 4,
  reason: 5,
  state: 6,
  confirm: 7,
  flags: 8,
  depth: 10,
  pathLength: 12,
  targetLength: 16,
  extrasLength: 20,
  /** f64, position of the record that this one moves from; -1 for none. */
  origin: 24,
  device: 32,
  source: 40,
  /** What is at the destination: before the run as scanned, after it as it was left. */
  destination: 128,
  digest: 216,
  /** f64, position of the record whose move takes away what is here; -1 for none. */
  taker: 248,
  /** f64, position of the record of the first name of the same inode, where this is a further one; -1 for none. */
  first: 256,
  /** The source's access and birth time, 2 × 16 bytes; zeros where unknown. */
  times: 264,
  end: 296,
} as const;

export const RecordFlag = {
  hasSource: 1,
  hasDestination: 2,
  hasManifest: 4,
  hasDigest: 8,
  /** A directory whose times and mode are put right at the end. */
  settle: 16,
  /** A move after which the metadata is put right too. */
  metadataAfterMove: 32,
  /** What is at the destination must make way before anything else is stored. */
  obstacle: 64,
  /** Goes with the directory above it, which makes way as a whole. */
  carried: 128,
  /** Stored from what has neither extended attributes nor inode flags. */
  bare: 256,
  displaced: 512,
  torn: 1024,
  /** The manifest gets no new row for it. */
  noRow: 2048,
  /** The source has it under several names. */
  linked: 4096,
  /** An unchanged directory above a change, counted before it got a record. */
  counted: 8192,
  /** Its extended attributes and inode flags are recorded: the copy's own may change in place later. */
  describe: 16384,
} as const;

export const operationNames: readonly OperationName[] = ['keep', 'store', 'patch', 'link', 'move', 'metadata', 'retire'];
export const operationReasons: readonly OperationReason[] = [
  'same',
  'new',
  'size',
  'mtime',
  'ctime',
  'type',
  'checksum',
  'target',
  'link',
  'metadata only',
  'moved',
  'missing at destination',
  'changed at destination',
  'adopted',
  'not in source',
  'overwrite',
];

export const RecordState = { pending: 0, done: 1, failed: 2, dropped: 3 } as const;
export type RecordStateCode = (typeof RecordState)[keyof typeof RecordState];
/** What must be looked at before the operation is certain. */
export const Confirm = { none: 0, content: 1, metadata: 2 } as const;
export type ConfirmCode = (typeof Confirm)[keyof typeof Confirm];

const DIGEST_BYTES = RecordField.taker - RecordField.digest;
/** i64 seconds, u32 nanoseconds. */
const TIME_BYTES = 12;

/** One line of a plan, read where it lies: good until the plan is read or changed elsewhere. */
export class PlanRecord {
  readonly position: number;
  readonly #bytes: Buffer;
  readonly #at: number;

  /** `bytes` holds the record at `at`. */
  constructor(position: number, bytes: Buffer, at: number) {
    this.position = position;
    this.#bytes = bytes;
    this.#at = at;
  }

  get op(): OperationName {
    return operationNames[this.#bytes[this.#at + RecordField.op] ?? 0] ?? 'keep';
  }
  get reason(): OperationReason {
    return operationReasons[this.#bytes[this.#at + RecordField.reason] ?? 0] ?? 'same';
  }
  get state(): RecordStateCode {
    return (this.#bytes[this.#at + RecordField.state] ?? 0) as RecordStateCode;
  }
  get confirm(): ConfirmCode {
    return (this.#bytes[this.#at + RecordField.confirm] ?? 0) as ConfirmCode;
  }
  get flags(): number {
    return this.#bytes.readUInt16LE(this.#at + RecordField.flags);
  }
  get depth(): number {
    return this.#bytes.readUInt16LE(this.#at + RecordField.depth);
  }
  get origin(): number {
    return this.#bytes.readDoubleLE(this.#at + RecordField.origin);
  }
  get taker(): number {
    return this.#bytes.readDoubleLE(this.#at + RecordField.taker);
  }
  get first(): number {
    return this.#bytes.readDoubleLE(this.#at + RecordField.first);
  }
  /** What was here moves to another path of the plan. */
  get movesAway(): boolean {
    return this.taker >= 0;
  }
  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
  get path(): RelPath {
    return decodeText(this.#tail(0, this.#pathLength)) as RelPath;
  }
  get source(): Buffer {
    return this.#part(RecordField.source, STAT_BYTES);
  }
  get destination(): Buffer {
    return this.#part(RecordField.destination, STAT_BYTES);
  }
  /** Code of the source's kind, and of what is at the destination. */
  get sourceKind(): number {
    return this.#bytes[this.#at + RecordField.source] ?? 0;
  }
  get destinationKind(): number {
    return this.#bytes[this.#at + RecordField.destination] ?? 0;
  }
  /** Bytes of the path. */
  get pathBytes(): Buffer {
    return this.#tail(0, this.#pathLength);
  }
  /** Bytes that the source holds; exact up to 2^53. */
  get sourceSize(): number {
    const at = this.#at + RecordField.source + StatField.size;
    return this.#bytes.readUInt32LE(at) + this.#bytes.readUInt32LE(at + 4) * 2 ** 32;
  }
  /** Device, inode and change time of the source are known. */
  get knowsIdentity(): boolean {
    return ((this.#bytes[this.#at + RecordField.source + StatField.flags] ?? 0) & StatFlag.identity) !== 0;
  }
  /** Copies the source's record to `at` of `into`. */
  copySource(into: Uint8Array, at: number): void {
    const start = this.#at + RecordField.source;
    this.#bytes.copy(into, at, start, start + STAT_BYTES);
  }
  /** Copies what is at the destination to `at` of `into`. */
  copyDestination(into: Uint8Array, at: number): void {
    const start = this.#at + RecordField.destination;
    this.#bytes.copy(into, at, start, start + STAT_BYTES);
  }
  /** Copies the digest, 32 bytes. */
  copyDigest(into: Uint8Array, at: number): void {
    const start = this.#at + RecordField.digest;
    this.#bytes.copy(into, at, start, start + DIGEST_BYTES);
  }
  /** Copies seconds and nanoseconds, 12 bytes, of the access (0) or birth time (1); false where it is not known. */
  copyTime(which: 0 | 1, into: Uint8Array, at: number): boolean {
    const bytes = this.#bytes;
    const start = this.#at + RecordField.times + which * 16;
    bytes.copy(into, at, start, start + TIME_BYTES);
    return bytes.readInt32LE(start) !== 0 || bytes.readInt32LE(start + 4) !== 0 || bytes.readInt32LE(start + 8) !== 0;
  }
  get target(): Buffer {
    return this.#tail(this.#pathLength, this.#targetLength);
  }
  /** The source's record as the manifest has it. */
  get manifest(): Buffer {
    return this.#tail(this.#pathLength + this.#targetLength, STAT_BYTES);
  }
  get extras(): Buffer {
    const before = this.#pathLength + this.#targetLength + (this.has(RecordFlag.hasManifest) ? STAT_BYTES : 0);
    return this.#tail(before, this.#bytes.readUInt32LE(this.#at + RecordField.extrasLength));
  }
  get digest(): Buffer | undefined {
    return this.has(RecordFlag.hasDigest) ? this.#part(RecordField.digest, RecordField.taker - RecordField.digest) : undefined;
  }
  get times(): Buffer {
    return this.#part(RecordField.times, RecordField.end - RecordField.times);
  }
  /** Bytes that storing this moves: 0 for what is no file. */
  get bytes(): bigint {
    const stat = this.has(RecordFlag.hasSource) ? RecordField.source : RecordField.destination;
    return this.#bytes.readBigUInt64LE(this.#at + stat + StatField.size);
  }
  get device(): bigint {
    return this.#bytes.readBigUInt64LE(this.#at + RecordField.device);
  }
  /** The entry of the source. */
  entry(): Entry {
    const target = this.#targetLength === 0 ? '' : decodeText(this.target);
    return unpackEntry(this.path, this.#bytes, this.#at + RecordField.source, this.device, target);
  }
  /** What is at the destination, as an entry. */
  destinationEntry(): Entry {
    return unpackEntry(this.path, this.#bytes, this.#at + RecordField.destination, 0n, '');
  }

  get #pathLength(): number {
    return this.#bytes.readUInt32LE(this.#at + RecordField.pathLength);
  }
  get #targetLength(): number {
    return this.#bytes.readUInt32LE(this.#at + RecordField.targetLength);
  }
  #part(offset: number, length: number): Buffer {
    return this.#bytes.subarray(this.#at + offset, this.#at + offset + length);
  }
  #tail(offset: number, length: number): Buffer {
    return this.#part(RecordField.end + offset, length);
  }
}
