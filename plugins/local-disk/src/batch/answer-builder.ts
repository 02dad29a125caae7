import type { DigestAlgorithm } from '@holdfast/core/plugin';
import { RECORD_WORDS } from '../scan/record-words.ts';
import type { FailureNote } from '../store/failure-note.ts';
import { packRecord, packSourceTimes, SOURCE_TIME_WORDS } from '../store/pack-record.ts';
import { scratch } from '../store/scratch.ts';
import type { Stored } from '../store/stored.ts';
import { EntryFlag, EntryStatus, methodCodes } from './batch-protocol.ts';
import type { GroupAnswer } from './batch-protocol.ts';

/** Bytes of a digest's value. */
export const digestBytes: Readonly<Record<DigestAlgorithm, number>> = {
  blake3: 32,
  sha256: 32,
  sha1: 20,
  md5: 16,
  crc32c: 4,
  crc64nvme: 8,
};

/** Collects the results of a group in columns. What is added last takes its record from `scratch.target`. */
export class AnswerBuilder {
  readonly #digestSize: number;
  readonly #status: Uint8Array;
  readonly #flags: Uint8Array;
  readonly #methods: Uint8Array;
  readonly #stats: Uint32Array;
  readonly #bytes: Float64Array;
  readonly #sourceTimes: Uint32Array;
  readonly #digests: Uint8Array | undefined;
  readonly #failures: [number, FailureNote][] = [];
  readonly #notKept: [number, readonly string[]][] = [];
  readonly #lateFlags: [number, number][] = [];

  constructor(count: number, digest: DigestAlgorithm | undefined) {
    this.#digestSize = digest === undefined ? 0 : digestBytes[digest];
    this.#status = new Uint8Array(count);
    this.#flags = new Uint8Array(count);
    this.#methods = new Uint8Array(count);
    this.#stats = new Uint32Array(count * RECORD_WORDS);
    this.#bytes = new Float64Array(count * 2);
    this.#sourceTimes = new Uint32Array(count * SOURCE_TIME_WORDS);
    this.#digests = digest === undefined ? undefined : new Uint8Array(count * this.#digestSize);
  }

  /** An entry was made and waits for its name. */
  addStored(index: number, stored: Stored): void {
    this.#status[index] = EntryStatus.made;
    this.#methods[index] = methodCodes.indexOf(stored.method);
    this.#bytes[index * 2] = stored.bytesRead;
    this.#bytes[index * 2 + 1] = stored.bytesWritten;
    if (stored.isBare) this.#flags[index]! |= EntryFlag.isBare;
    if (stored.torn === true) this.#flags[index]! |= EntryFlag.torn;
    if (stored.digest !== undefined) this.addDigest(index, stored.digest.value);
    if (stored.notKept.length > 0) this.#notKept.push([index, stored.notKept]);
    if (stored.lateFlags !== undefined) this.#lateFlags.push([index, stored.lateFlags]);
    this.addSourceTimes(index);
    this.#addRecord(index);
  }

  /** Nothing is left to do for the entry. `flags` are `EntryFlag`s. */
  addDone(index: number, flags: number, bytesRead: number, notKept: readonly string[] = []): void {
    this.#status[index] = EntryStatus.done;
    this.#flags[index]! |= flags;
    this.#bytes[index * 2] = bytesRead;
    if (notKept.length > 0) this.#notKept.push([index, notKept]);
    this.#addRecord(index);
  }

  addDigest(index: number, value: Uint8Array): void {
    this.#digests?.set(value, index * this.#digestSize);
    this.#flags[index]! |= EntryFlag.hasDigest;
  }

  /** Of the source that `scratch.source` describes. */
  addSourceTimes(index: number): void {
    packSourceTimes(scratch.source, this.#sourceTimes, index * SOURCE_TIME_WORDS);
  }

  fail(index: number, failure: FailureNote): void {
    this.#status[index] = EntryStatus.failed;
    this.#failures.push([index, failure]);
  }

  /** Every entry without a result failed for this reason. */
  failAll(failure: FailureNote): void {
    const known = new Set(this.#failures.map(([index]) => index));
    this.#status.forEach((status, index) => {
      if (status === EntryStatus.failed && !known.has(index)) this.fail(index, failure);
    });
  }

  finish(staged: boolean): GroupAnswer {
    return {
      staged,
      status: this.#status,
      flags: this.#flags,
      methods: this.#methods,
      stats: this.#stats,
      digests: this.#digests,
      bytes: this.#bytes,
      sourceTimes: this.#sourceTimes,
      failures: this.#failures,
      notKept: this.#notKept,
      lateFlags: this.#lateFlags,
    };
  }

  #addRecord(index: number): void {
    packRecord(scratch.target, this.#stats, index * RECORD_WORDS);
  }
}
