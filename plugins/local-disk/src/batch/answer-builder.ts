import type { DigestAlgorithm } from '@holdfast/core/plugin';
import { RECORD_WORDS } from '../scan/record-words.ts';
import type { FailureNote } from '../store/failure-note.ts';
import { packRecord, packSourceTimes, SOURCE_TIME_WORDS } from '../store/pack-record.ts';
import { digestOf } from '../store/content-hasher.ts';
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

const READ_WRITE = methodCodes.indexOf('read-write');

/** Collects the results of a group in columns. What is added last takes its record from `scratch.target`. */
export class AnswerBuilder {
  readonly #digest: DigestAlgorithm | undefined;
  readonly #digestSize: number;
  readonly #memory: ArrayBuffer;
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
    this.#digest = digest;
    this.#digestSize = digest === undefined ? 0 : digestBytes[digest];
    // The widest numbers first, so that each column is aligned.
    const bytesEnd = count * 16;
    const statsEnd = bytesEnd + count * RECORD_WORDS * 4;
    const timesEnd = statsEnd + count * SOURCE_TIME_WORDS * 4;
    const digestsEnd = timesEnd + count * this.#digestSize;
    const memory = new ArrayBuffer(digestsEnd + count * 3);
    this.#memory = memory;
    this.#bytes = new Float64Array(memory, 0, count * 2);
    this.#stats = new Uint32Array(memory, bytesEnd, count * RECORD_WORDS);
    this.#sourceTimes = new Uint32Array(memory, statsEnd, count * SOURCE_TIME_WORDS);
    this.#digests = digest === undefined ? undefined : new Uint8Array(memory, timesEnd, count * this.#digestSize);
    this.#status = new Uint8Array(memory, digestsEnd, count);
    this.#flags = new Uint8Array(memory, digestsEnd + count, count);
    this.#methods = new Uint8Array(memory, digestsEnd + count * 2, count);
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

  /** A plain file was made of the first `size` bytes of `content`, and waits for its name. */
  addPlain(index: number, size: number, content: Buffer): void {
    this.#status[index] = EntryStatus.made;
    this.#methods[index] = READ_WRITE;
    this.#flags[index]! |= EntryFlag.isBare;
    this.#bytes[index * 2] = size;
    this.#bytes[index * 2 + 1] = size;
    if (this.#digest !== undefined) this.addDigest(index, digestOf(content.subarray(0, size), this.#digest).value);
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
      memory: this.#memory,
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
