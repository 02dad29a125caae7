import type { BatchResult, Digest, DigestAlgorithm, RelPath, StoredFiles } from '@holdfast/core/plugin';
import { STAT_BYTES } from '@holdfast/core/plugin';
import { explainFailure } from '../errors.ts';
import { SOURCE_TIME_WORDS } from '../store/pack-record.ts';
import type { FailureNote } from '../store/failure-note.ts';
import { digestBytes } from './answer-builder.ts';
import { EntryFlag, EntryStatus, methodCodes } from './batch-protocol.ts';
import type { GroupAnswer } from './batch-protocol.ts';
import type { SentColumns } from './sent-columns.ts';

/** A failed operation's result. */
export function failedResult(id: number, key: RelPath, failure: FailureNote): BatchResult {
  const { code, message, hint } = explainFailure(failure, key);
  return { id, error: { code, message, hint } };
}

/** Record of entry `index` of a column of records; a view. */
export function recordAt(stats: Uint32Array, index: number): Uint8Array {
  return new Uint8Array(stats.buffer, stats.byteOffset + index * STAT_BYTES, STAT_BYTES);
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

function timesAt(sourceTimes: Uint32Array, index: number): Uint8Array {
  const bytes = SOURCE_TIME_WORDS * 4;
  return new Uint8Array(sourceTimes.buffer, sourceTimes.byteOffset + index * bytes, bytes);
}

/** Reads the columns of an answer. */
export class AnswerReader {
  readonly answer: GroupAnswer;
  readonly #columns: SentColumns;
  readonly #digest: DigestAlgorithm | undefined;
  readonly #notKept: ReadonlyMap<number, readonly string[]>;

  constructor(answer: GroupAnswer, columns: SentColumns, digest: DigestAlgorithm | undefined) {
    this.answer = answer;
    this.#columns = columns;
    this.#digest = digest;
    this.#notKept = new Map(answer.notKept);
  }

  /** Results that are final: what failed, and what waits for no name. */
  finalResults(): BatchResult[] {
    const { answer } = this;
    const results: BatchResult[] = answer.failures.map(([index, failure]) => {
      const { id, key } = this.#columns.operation(index);
      return failedResult(id, key, failure);
    });
    answer.status.forEach((status, index) => {
      if (status === EntryStatus.done) results.push(this.result(index, recordAt(answer.stats, index)));
    });
    return results;
  }

  /** Indexes of entries that were made and wait for their names. */
  made(): Uint32Array {
    const { status } = this.answer;
    const indexes = new Uint32Array(status.length);
    let count = 0;
    for (let index = 0; index < status.length; index++) if (status[index] === EntryStatus.made) indexes[count++] = index;
    return indexes.subarray(0, count);
  }

  /** All of it in one, where it came packed and there is nothing to remark; `stats` are the records now. */
  packed(stats: Uint32Array): StoredFiles | undefined {
    const { ids } = this.#columns;
    const { status, flags, bytes, sourceTimes, digests } = this.answer;
    if (ids === undefined || this.#notKept.size > 0 || status.some((each) => each !== EntryStatus.made)) return undefined;
    const plain = EntryFlag.hasDigest | EntryFlag.isBare;
    const digested = digests === undefined ? 0 : EntryFlag.hasDigest;
    if (flags.some((each) => (each & ~plain) !== 0 || (each & EntryFlag.hasDigest) !== digested)) return undefined;
    let [bytesRead, bytesWritten] = [0, 0];
    for (let at = 0; at < bytes.length; at += 2) {
      bytesRead += bytes[at]!;
      bytesWritten += bytes[at + 1]!;
    }
    return {
      ids,
      stats: bytesOf(stats),
      digests,
      sourceTimes: bytesOf(sourceTimes),
      bare: flags.map((each) => ((each & EntryFlag.isBare) === 0 ? 0 : 1)),
      bytesRead,
      bytesWritten,
    };
  }

  /** The result of entry `index`, whose record is `stat` now. */
  result(index: number, stat: Uint8Array): BatchResult {
    const { bytes, flags } = this.answer;
    const operation = this.#columns.operation(index);
    const set = flags[index]!;
    // Filled field by field: this runs for every file, and spreading takes far longer.
    const result: Mutable<BatchResult> = { id: operation.id, stat };
    result.bytesRead = BigInt(bytes[index * 2]!);
    result.bytesWritten = BigInt(bytes[index * 2 + 1]!);
    if ((set & EntryFlag.hasDigest) !== 0) result.digest = this.#digestAt(index);
    if (operation.op === 'store' || operation.op === 'store-content') {
      result.method = methodCodes[this.answer.methods[index]!]!;
      result.isBare = (set & EntryFlag.isBare) !== 0;
    }
    if (operation.op === 'store' || operation.op === 'metadata') result.sourceTimes = timesAt(this.answer.sourceTimes, index);
    if (operation.op === 'compare') result.equal = (set & EntryFlag.equal) !== 0;
    if (operation.op === 'inspect' && operation.digest !== undefined) result.readFrom = readFrom(set);
    if ((set & EntryFlag.torn) !== 0) result.torn = true;
    const notKept = this.#notKept.get(index);
    if (notKept !== undefined) result.notKept = notKept;
    return result;
  }

  #digestAt(index: number): Digest {
    const algorithm = this.#digest ?? 'blake3';
    const size = digestBytes[algorithm];
    const column = this.answer.digests ?? new Uint8Array();
    return { algorithm, value: column.subarray(index * size, (index + 1) * size) };
  }
}

function readFrom(flags: number): 'medium' | 'dropped-cache' | 'cache' {
  if ((flags & EntryFlag.fromMedium) !== 0) return 'medium';
  return (flags & EntryFlag.fromDroppedCache) !== 0 ? 'dropped-cache' : 'cache';
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
