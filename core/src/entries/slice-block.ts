import type { EntryBlock } from '../contracts/entry-block.ts';
import { KIND_SYMLINK, STAT_BYTES } from './stat-record.ts';

/** The entries of a block from index `first` on, which must be below its count. Shares the block's memory. */
export function sliceBlock(block: EntryBlock, first: number): EntryBlock {
  const names = viewOf(block.names);
  const targets = viewOf(block.targets);
  let name = 0;
  let target = 0;
  for (let index = 0; index < first; index++) {
    name += 4 + names.getUint16(name + 2, true);
    if (block.stats[index * STAT_BYTES] === KIND_SYMLINK) target += 4 + targets.getUint32(target, true);
  }
  return {
    count: block.count - first,
    names: block.names.subarray(name),
    stats: block.stats.subarray(first * STAT_BYTES),
    targets: block.targets.subarray(target),
    device: block.device,
    ...(block.devices === undefined ? {} : { devices: block.devices.subarray(first) }),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
