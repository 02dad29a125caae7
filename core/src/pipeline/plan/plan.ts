import type { OperationName, OperationReason } from '../../contracts/events.ts';
import type { StoredFiles } from '../../contracts/batch.ts';
import { STAT_BYTES } from '../../entries/stat-record.ts';
import { offsetInPage, PagedStore } from '../../storage/paged-store.ts';
import {
  type ConfirmCode,
  operationNames,
  operationReasons,
  PlanRecord,
  RecordField,
  RecordFlag,
  RecordState,
  type RecordStateCode,
} from './plan-record.ts';

const nothing = new Uint8Array();
const DIGEST_BYTES = RecordField.taker - RecordField.digest;
const TIMES_BYTES = RecordField.end - RecordField.times;

/** What a new record of a plan holds. Stats are records of STAT_BYTES bytes. */
export interface NewRecord {
  readonly op: OperationName;
  readonly reason: OperationReason;
  /** Bytes of the path. */
  readonly pathBytes: Uint8Array;
  readonly depth: number;
  readonly flags?: number;
  readonly confirm?: ConfirmCode;
  readonly source?: Uint8Array | undefined;
  readonly target?: Uint8Array | undefined;
  readonly device?: bigint;
  readonly destination?: Uint8Array | undefined;
  readonly manifest?: Uint8Array | undefined;
  readonly extras?: Uint8Array | undefined;
  readonly first?: number;
}

/** What a change to a record may set. */
export interface RecordChange {
  readonly op?: OperationName;
  readonly reason?: OperationReason;
  readonly state?: RecordStateCode;
  readonly confirm?: ConfirmCode;
  readonly addFlags?: number;
  readonly dropFlags?: number;
  readonly origin?: number;
  readonly taker?: number;
  readonly destination?: Uint8Array | undefined;
  readonly digest?: Uint8Array | undefined;
  readonly times?: Uint8Array | undefined;
}

/**
 * What a run is going to do, in tree order: a record for each entry that something happens to, and for the directories above it.
 * Guards, totals, a dry run and the run itself all read the same records. Held in memory up to 64 MiB, then in a scratch file.
 */
export class Plan implements Disposable {
  readonly #store: PagedStore;
  /** How many records ever needed a closer look of each kind. */
  readonly #confirms: [number, number, number] = [0, 0, 0];

  constructor(scratch: string, residentBytes?: number) {
    this.#store = new PagedStore(scratch, residentBytes);
  }

  get isEmpty(): boolean {
    return this.#store.isEmpty;
  }

  /** Whether any record may need this look. */
  mayNeed(confirm: ConfirmCode): boolean {
    return this.#confirms[confirm] > 0;
  }

  append(record: NewRecord): number {
    const path = record.pathBytes;
    const target = record.target ?? nothing;
    const extras = record.extras ?? nothing;
    const manifestBytes = record.manifest === undefined ? 0 : STAT_BYTES;
    const length = RecordField.end + path.length + target.length + manifestBytes + extras.length;
    const position = this.#store.append(length);
    const bytes = this.#store.change(position);
    const view = this.#store.changeView(position);
    const at = offsetInPage(position);
    view.setUint32(at + RecordField.length, length, true);
    bytes[at + RecordField.op] = operationNames.indexOf(record.op);
    bytes[at + RecordField.reason] = operationReasons.indexOf(record.reason);
    bytes[at + RecordField.confirm] = record.confirm ?? 0;
    this.#confirms[record.confirm ?? 0]++;
    view.setUint16(at + RecordField.flags, (record.flags ?? 0) | presentFlags(record), true);
    view.setUint16(at + RecordField.depth, record.depth, true);
    view.setUint32(at + RecordField.pathLength, path.length, true);
    view.setUint32(at + RecordField.targetLength, target.length, true);
    view.setUint32(at + RecordField.extrasLength, extras.length, true);
    view.setFloat64(at + RecordField.origin, -1, true);
    view.setFloat64(at + RecordField.taker, -1, true);
    view.setFloat64(at + RecordField.first, record.first ?? -1, true);
    view.setBigUint64(at + RecordField.device, record.device ?? 0n, true);
    if (record.source !== undefined) bytes.set(record.source, at + RecordField.source);
    if (record.destination !== undefined) bytes.set(record.destination, at + RecordField.destination);
    const tail = at + RecordField.end;
    bytes.set(path, tail);
    if (target.length > 0) bytes.set(target, tail + path.length);
    if (record.manifest !== undefined) bytes.set(record.manifest, tail + path.length + target.length);
    if (extras.length > 0) bytes.set(extras, tail + path.length + target.length + manifestBytes);
    return position;
  }

  read(position: number): PlanRecord {
    return new PlanRecord(position, this.#store.page(position), offsetInPage(position));
  }

  *readAll(positions: Iterable<number>): Generator<PlanRecord> {
    for (const position of positions) yield this.read(position);
  }

  /** What goes with the directory that makes way for the record at a position. */
  *carriedBy(position: number): Generator<PlanRecord> {
    for (const each of this.#store.positions(position)) {
      if (each === position) continue;
      const record = this.read(each);
      if (!record.has(RecordFlag.carried)) return;
      if (record.op === 'retire') yield record;
    }
  }

  change(position: number, change: RecordChange): void {
    const bytes = this.#store.change(position);
    const at = offsetInPage(position);
    if (change.op !== undefined) bytes[at + RecordField.op] = operationNames.indexOf(change.op);
    if (change.reason !== undefined) bytes[at + RecordField.reason] = operationReasons.indexOf(change.reason);
    if (change.state !== undefined) bytes[at + RecordField.state] = change.state;
    if (change.confirm !== undefined) {
      bytes[at + RecordField.confirm] = change.confirm;
      this.#confirms[change.confirm]++;
    }
    if (change.origin !== undefined) bytes.writeDoubleLE(change.origin, at + RecordField.origin);
    if (change.taker !== undefined) bytes.writeDoubleLE(change.taker, at + RecordField.taker);
    if (change.times !== undefined) bytes.set(change.times, at + RecordField.times);
    let add = change.addFlags ?? 0;
    if (change.destination !== undefined) {
      bytes.set(change.destination, at + RecordField.destination);
      add |= RecordFlag.hasDestination;
    }
    if (change.digest !== undefined) {
      bytes.set(change.digest, at + RecordField.digest);
      add |= RecordFlag.hasDigest;
    }
    const flags = bytes.readUInt16LE(at + RecordField.flags);
    bytes.writeUInt16LE((flags | add) & ~(change.dropFlags ?? 0), at + RecordField.flags);
  }

  /** Notes what became of files that were stored. Answers the bytes that they hold. */
  noteStored({ ids, stats, digests, sourceTimes, bare }: StoredFiles): number {
    const [statColumn, timesColumn] = [asBuffer(stats), asBuffer(sourceTimes)];
    const digestColumn = digests === undefined ? undefined : asBuffer(digests);
    const known = RecordFlag.hasDestination | (digests === undefined ? 0 : RecordFlag.hasDigest);
    let size = 0;
    for (let index = 0; index < ids.length; index++) {
      const position = ids[index] ?? 0;
      const bytes = this.#store.change(position);
      const at = offsetInPage(position);
      bytes[at + RecordField.state] = RecordState.done;
      statColumn.copy(bytes, at + RecordField.destination, index * STAT_BYTES, (index + 1) * STAT_BYTES);
      digestColumn?.copy(bytes, at + RecordField.digest, index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
      timesColumn.copy(bytes, at + RecordField.times, index * TIMES_BYTES, (index + 1) * TIMES_BYTES);
      const flags = bytes.readUInt16LE(at + RecordField.flags);
      bytes.writeUInt16LE(flags | known | (bare[index] === 1 ? RecordFlag.bare : RecordFlag.describe), at + RecordField.flags);
      size += this.read(position).sourceSize;
    }
    return size;
  }

  /** All records in tree order, or those with one of some operations; changes made while iterating show in records read later. */
  *records(...ops: readonly OperationName[]): Generator<PlanRecord> {
    const wanted = ops.reduce((mask, op) => mask | (1 << operationNames.indexOf(op)), 0);
    for (const position of this.#store.positions()) {
      const page = this.#store.page(position);
      const at = offsetInPage(position);
      if (wanted === 0 || (wanted & (1 << (page[at + RecordField.op] ?? 0))) !== 0) yield new PlanRecord(position, page, at);
    }
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function presentFlags(record: NewRecord): number {
  return (
    (record.source === undefined ? 0 : RecordFlag.hasSource) |
    (record.destination === undefined ? 0 : RecordFlag.hasDestination) |
    (record.manifest === undefined ? 0 : RecordFlag.hasManifest)
  );
}
