import type { OperationName, OperationReason } from '../../contracts/events.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { STAT_BYTES } from '../../entries/stat-record.ts';
import { encodePath } from '../../paths/rel-path.ts';
import { PagedStore } from '../../storage/paged-store.ts';
import {
  type ConfirmCode,
  operationNames,
  operationReasons,
  PlanRecord,
  RecordField,
  RecordFlag,
  type RecordStateCode,
} from './plan-record.ts';

/** What a new record of a plan holds. Stats are records of STAT_BYTES bytes. */
export interface NewRecord {
  readonly op: OperationName;
  readonly reason: OperationReason;
  readonly path: RelPath;
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

  constructor(scratch: string, residentBytes?: number) {
    this.#store = new PagedStore(scratch, residentBytes);
  }

  get isEmpty(): boolean {
    return this.#store.isEmpty;
  }

  append(record: NewRecord): number {
    const path = encodePath(record.path);
    const target = record.target ?? new Uint8Array();
    const extras = record.extras ?? new Uint8Array();
    const manifestBytes = record.manifest === undefined ? 0 : STAT_BYTES;
    const length = RecordField.end + path.length + target.length + manifestBytes + extras.length;
    const position = this.#store.append(length);
    const bytes = this.#store.change(position);
    bytes.writeUInt32LE(length, RecordField.length);
    bytes.writeUInt8(operationNames.indexOf(record.op), RecordField.op);
    bytes.writeUInt8(operationReasons.indexOf(record.reason), RecordField.reason);
    bytes.writeUInt8(record.confirm ?? 0, RecordField.confirm);
    bytes.writeUInt16LE((record.flags ?? 0) | presentFlags(record), RecordField.flags);
    bytes.writeUInt16LE(record.depth, RecordField.depth);
    bytes.writeUInt32LE(path.length, RecordField.pathLength);
    bytes.writeUInt32LE(target.length, RecordField.targetLength);
    bytes.writeUInt32LE(extras.length, RecordField.extrasLength);
    bytes.writeDoubleLE(-1, RecordField.origin);
    bytes.writeDoubleLE(-1, RecordField.taker);
    bytes.writeDoubleLE(record.first ?? -1, RecordField.first);
    bytes.writeBigUInt64LE(record.device ?? 0n, RecordField.device);
    if (record.source !== undefined) bytes.set(record.source, RecordField.source);
    if (record.destination !== undefined) bytes.set(record.destination, RecordField.destination);
    let tail = RecordField.end;
    for (const part of [path, target, record.manifest ?? new Uint8Array(), extras]) {
      bytes.set(part, tail);
      tail += part.length;
    }
    return position;
  }

  read(position: number): PlanRecord {
    return new PlanRecord(position, this.#store.at(position));
  }

  change(position: number, change: RecordChange): void {
    const bytes = this.#store.change(position);
    if (change.op !== undefined) bytes.writeUInt8(operationNames.indexOf(change.op), RecordField.op);
    if (change.reason !== undefined) bytes.writeUInt8(operationReasons.indexOf(change.reason), RecordField.reason);
    if (change.state !== undefined) bytes.writeUInt8(change.state, RecordField.state);
    if (change.confirm !== undefined) bytes.writeUInt8(change.confirm, RecordField.confirm);
    if (change.origin !== undefined) bytes.writeDoubleLE(change.origin, RecordField.origin);
    if (change.taker !== undefined) bytes.writeDoubleLE(change.taker, RecordField.taker);
    if (change.times !== undefined) bytes.set(change.times, RecordField.times);
    let add = change.addFlags ?? 0;
    if (change.destination !== undefined) {
      bytes.set(change.destination, RecordField.destination);
      add |= RecordFlag.hasDestination;
    }
    if (change.digest !== undefined) {
      bytes.set(change.digest, RecordField.digest);
      add |= RecordFlag.hasDigest;
    }
    const flags = bytes.readUInt16LE(RecordField.flags);
    bytes.writeUInt16LE((flags | add) & ~(change.dropFlags ?? 0), RecordField.flags);
  }

  /** All records in tree order; changes made while iterating show in records read later. */
  *records(): Generator<PlanRecord> {
    for (const position of this.#store.positions()) yield this.read(position);
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
  }
}

function presentFlags(record: NewRecord): number {
  return (
    (record.source === undefined ? 0 : RecordFlag.hasSource) |
    (record.destination === undefined ? 0 : RecordFlag.hasDestination) |
    (record.manifest === undefined ? 0 : RecordFlag.hasManifest)
  );
}
