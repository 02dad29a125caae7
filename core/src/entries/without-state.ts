import type { EntryBlock } from '../contracts/entry-block.ts';
import type { Selection } from '../contracts/selection.ts';
import type { EntryBatch } from '../contracts/source.ts';
import { toEntryBlock } from './entry-block-builder.ts';
import { KIND_SYMLINK, STAT_BYTES } from './stat-record.ts';

const stateName = Buffer.from('.holdfast');

/**
 * The blocks of a scan without the state of a mirror at its root: what Holdfast keeps there is never data, whoever scanned it.
 * A scan that left it out by itself costs next to nothing here.
 */
export async function* withoutState(
  batches: AsyncIterable<EntryBatch>,
  { includeState }: Pick<Selection, 'includeState'>,
): AsyncGenerator<EntryBlock> {
  let inState = false;
  for await (const batch of batches) {
    const block = toEntryBlock(batch);
    if (block.count === 0) continue;
    const names = Buffer.from(block.names.buffer, block.names.byteOffset, block.names.length);
    if (includeState || (!inState && !names.includes(stateName))) {
      yield block;
      continue;
    }
    const rest = dropState(block, names, inState);
    inState = rest.inState;
    if (rest.block.count > 0) yield rest.block;
  }
}

function dropState(
  block: EntryBlock,
  names: Buffer,
  startsInState: boolean,
): { readonly block: EntryBlock; readonly inState: boolean } {
  const kept: { names: Buffer[]; stats: Uint8Array[]; targets: Uint8Array[]; devices: bigint[] } = {
    names: [],
    stats: [],
    targets: [],
    devices: [],
  };
  const targets = new DataView(block.targets.buffer, block.targets.byteOffset, block.targets.length);
  let inState = startsInState;
  let nameAt = 0;
  let targetAt = 0;
  for (let index = 0; index < block.count; index++) {
    const end = nameAt + 4 + names.readUInt16LE(nameAt + 2);
    const stat = block.stats.subarray(index * STAT_BYTES, (index + 1) * STAT_BYTES);
    const targetEnd = stat[0] === KIND_SYMLINK ? targetAt + 4 + targets.getUint32(targetAt, true) : targetAt;
    const depth = names.readUInt16LE(nameAt);
    if (depth <= 1) inState = depth === 1 && names.subarray(nameAt + 4, end).equals(stateName);
    if (!inState) {
      kept.names.push(names.subarray(nameAt, end));
      kept.stats.push(stat);
      kept.targets.push(block.targets.subarray(targetAt, targetEnd));
      kept.devices.push(block.devices?.[index] ?? block.device);
    }
    nameAt = end;
    targetAt = targetEnd;
  }
  const columns = { names: Buffer.concat(kept.names), stats: Buffer.concat(kept.stats), targets: Buffer.concat(kept.targets) };
  return {
    block: { ...columns, count: kept.names.length, device: block.device, devices: BigUint64Array.from(kept.devices) },
    inState,
  };
}
