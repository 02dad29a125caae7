import type { EntryBlock } from '../contracts/entry-block.ts';
import type { EntryBatch } from '../contracts/source.ts';
import { toEntryBlock } from './entry-block-builder.ts';

/** The batches of a scan as blocks; empty ones are left out. */
export async function* blocksOf(batches: AsyncIterable<EntryBatch>): AsyncGenerator<EntryBlock> {
  for await (const batch of batches) {
    const block = toEntryBlock(batch);
    if (block.count > 0) yield block;
  }
}
