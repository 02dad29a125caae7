import type { EntryBlock } from '../../../../contracts/entry-block.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { compareCursors } from '../../../../entries/tree-order.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { STAT_BYTES } from '../../../../entries/stat-record.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';

/**
 * Gives out the blocks of a version as they are, and tells of each row that is not as recorded in `live`, what is at the
 * destination now: such an entry must not be copied without a closer look.
 */
export async function* noteChanged(
  rows: AsyncIterable<ManifestBlock>,
  live: AsyncIterable<EntryBlock>,
  onChanged: (path: RelPath) => void,
): AsyncGenerator<ManifestBlock, void> {
  const there = new EntryCursor(live);
  const recorded = new EntryCursor(rows);
  try {
    await there.start();
    await recorded.start();
    while (!recorded.done) {
      const order = there.done ? -1 : compareCursors(recorded, there);
      if (order < 0 || (order === 0 && !isAsRecorded(recorded, there))) onChanged(recorded.path);
      if (order >= 0 && !there.advance()) await there.refill();
      if (order > 0 || recorded.advance()) continue;
      yield recorded.block;
      await recorded.refill();
    }
  } finally {
    await there.close();
    await recorded.close();
  }
}

/** All that the destination tells, ctime too: it changes with bytes and metadata, and nobody can set it. */
function isAsRecorded(recorded: EntryCursor<ManifestBlock>, there: EntryCursor): boolean {
  const from = recorded.statOffset;
  return Buffer.compare(recorded.block.destinationStats.subarray(from, from + STAT_BYTES), there.stat) === 0;
}
