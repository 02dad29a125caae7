import { RECORD_WORDS } from '../scan/record-words.ts';
import { NOT_PLAIN, type PlainCopy, storePlainFile } from '../store/plain-file.ts';
import { scratch } from '../store/scratch.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { deviceMajor, deviceMinor } from '../syscalls/statx-record.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import type { PackedExpected } from './batch-protocol.ts';

let names = new NativeBuffer(64 * 1024);

/** Where names lie, one after another, each with a zero byte behind it. */
function holdNames(bytes: Uint8Array): NativeBuffer {
  if (names.bytes.length < bytes.length) names = new NativeBuffer(bytes.length * 2);
  names.bytes.set(bytes);
  return names;
}

/**
 * Stores the files of a packed group that are as plain as most are, in a directory of their own names.
 * @returns indexes of the others, of which nothing has been made
 */
export function copyPlainFiles(
  copy: Omit<PlainCopy, 'deviceMajor' | 'deviceMinor'>,
  group: { readonly names: Uint8Array; readonly expected: PackedExpected },
  answer: AnswerBuilder,
): number[] {
  const { stats, device } = group.expected;
  const expected = new Uint32Array(stats.buffer, stats.byteOffset, stats.length / 4);
  const count = expected.length / RECORD_WORDS;
  const { bytes, address } = holdNames(group.names);
  const plain: PlainCopy = { ...copy, deviceMajor: deviceMajor(device), deviceMinor: deviceMinor(device) };
  const others: number[] = [];
  for (let index = 0, start = 0; index < count; index++) {
    copy.options.control.check();
    const size = storePlainFile(plain, address + start, expected, index * RECORD_WORDS);
    if (size === NOT_PLAIN) others.push(index);
    else answer.addPlain(index, size, scratch.piece.bytes);
    start = bytes.indexOf(0, start) + 1;
  }
  return others;
}
