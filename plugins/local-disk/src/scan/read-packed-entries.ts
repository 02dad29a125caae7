import { type EntryBlock, STAT_BYTES } from '@holdfast/core/plugin';
import type { PackedEntry } from './entry-collector.ts';
import { KIND_CODE } from './entry-kind.ts';
import { RECORD_FLAG_DEFERRED } from './record-words.ts';

/** Byte of a record that holds the flags, and the flag in it. */
const FLAGS = 1;
const DEFERRED = RECORD_FLAG_DEFERRED >> 8;

/** The entries of a block one by one, still packed; their columns are views into those of the block, without the mark of a deferred directory. */
export function* readPackedEntries(block: EntryBlock): Generator<PackedEntry, void> {
  const names = new DataView(block.names.buffer, block.names.byteOffset);
  const targets = new DataView(block.targets.buffer, block.targets.byteOffset);
  for (let index = 0, nameAt = 0, targetAt = 0; index < block.count; index++) {
    const stat = block.stats.subarray(index * STAT_BYTES, (index + 1) * STAT_BYTES);
    const nameEnd = nameAt + 4 + names.getUint16(nameAt + 2, true);
    const targetEnd = stat[0] === KIND_CODE.symlink ? targetAt + 4 + targets.getUint32(targetAt, true) : targetAt;
    const isDeferred = (stat[FLAGS]! & DEFERRED) !== 0;
    stat[FLAGS]! &= ~DEFERRED;
    yield {
      depth: names.getUint16(nameAt, true),
      isDeferred,
      name: block.names.subarray(nameAt, nameEnd),
      stat,
      target: block.targets.subarray(targetAt, targetEnd),
      device: block.devices?.[index] ?? block.device,
    };
    nameAt = nameEnd;
    targetAt = targetEnd;
  }
}
