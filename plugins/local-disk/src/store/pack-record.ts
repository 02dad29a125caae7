import { KIND_CODE, kindOfMode } from '../scan/entry-kind.ts';
import { RECORD_FLAGS_KNOWN, RECORD_WORD, RECORD_WORDS } from '../scan/record-words.ts';
import { STATX_BTIME, STATX_WORD } from '../syscalls/statx-record.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';

/** Writes what statx found as a record (`StatField`) into zeroed `words` from index `at`, word by word. */
export function packRecord(record: StatxRecord, words: Uint32Array, at: number): void {
  const from = record.words;
  const kind = kindOfMode(record.mode);
  words[at] = kind | RECORD_FLAGS_KNOWN;
  words[at + RECORD_WORD.mode] = record.mode & 0o7777;
  words[at + RECORD_WORD.uid] = from[STATX_WORD.uid]!;
  words[at + RECORD_WORD.gid] = from[STATX_WORD.gid]!;
  if (kind === KIND_CODE.file) copyWords(from, STATX_WORD.size, words, at + RECORD_WORD.size, 2);
  copyWords(from, STATX_WORD.mtimeSeconds, words, at + RECORD_WORD.mtime, 3);
  copyWords(from, STATX_WORD.ctimeSeconds, words, at + RECORD_WORD.ctime, 3);
  copyWords(from, STATX_WORD.ino, words, at + RECORD_WORD.ino, 2);
  if (kind === KIND_CODE.charDevice || kind === KIND_CODE.blockDevice)
    copyWords(from, STATX_WORD.rdevMajor, words, at + RECORD_WORD.rdev, 2);
  if (kind !== KIND_CODE.directory) words[at + RECORD_WORD.nlink] = from[STATX_WORD.nlink]!;
}

/** 32-bit words of a source's access and birth time. */
export const SOURCE_TIME_WORDS = 8;

/** Writes access and birth time as `BatchResult.sourceTimes` has them into zeroed `words` from index `at`. */
export function packSourceTimes(record: StatxRecord, words: Uint32Array, at: number): void {
  copyWords(record.words, STATX_WORD.atimeSeconds, words, at, 3);
  if ((record.mask & STATX_BTIME) !== 0) copyWords(record.words, STATX_WORD.btimeSeconds, words, at + 4, 3);
}

/** Those times by themselves. */
export function sourceTimesOf(record: StatxRecord): Uint8Array {
  const words = new Uint32Array(SOURCE_TIME_WORDS);
  packSourceTimes(record, words, 0);
  return new Uint8Array(words.buffer);
}

/** A record of its own. */
export function recordOf(record: StatxRecord): Uint8Array {
  const words = new Uint32Array(RECORD_WORDS);
  packRecord(record, words, 0);
  return new Uint8Array(words.buffer);
}

function copyWords(from: Uint32Array, start: number, to: Uint32Array, at: number, count: number): void {
  for (let index = 0; index < count; index++) to[at + index] = from[start + index]!;
}
