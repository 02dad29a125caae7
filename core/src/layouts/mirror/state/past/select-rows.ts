import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { KIND_DIRECTORY } from '../../../../entries/stat-record.ts';
import type { SelectionAnswer } from '../../../../selection/compile-selection.ts';
import { lastingFlags, type ManifestBlock } from '../manifest/manifest-block.ts';
import { afterRow, markOf, RangeBuilder, type RowMark } from '../merge/range-builder.ts';

type Cursor = EntryCursor<ManifestBlock>;

export interface RowChoice {
  /** Whether the current row takes part; what is below a directory that does not is not asked for. */
  select(cursor: Cursor): SelectionAnswer;
  /** Asked for rows that take part: false leaves the row out. */
  keep(cursor: Cursor): boolean | Promise<boolean>;
}

interface Waiting {
  readonly block: ManifestBlock;
  readonly from: RowMark;
  readonly to: RowMark;
  readonly depth: number;
}

/** The rows of a state that are chosen, in tree order. Directories that only lead to others come right before the first of them. */
export async function* selectRows(blocks: AsyncIterable<ManifestBlock>, choice: RowChoice): AsyncGenerator<ManifestBlock, void> {
  const cursor = new EntryCursor(blocks);
  const builder = new RangeBuilder(lastingFlags);
  let waiting: Waiting[] = [];
  let outBelow = Infinity;
  await cursor.start();
  try {
    while (!cursor.done) {
      do {
        if (cursor.depth > outBelow) continue;
        outBelow = Infinity;
        const { depth } = cursor;
        waiting = waiting.filter((directory) => directory.depth < depth);
        const answer = choice.select(cursor);
        const row = { block: cursor.block, from: markOf(cursor), to: afterRow(cursor), depth };
        if (answer === 'only-if-descendants') waiting.push(row);
        else if (answer === 'out') outBelow = cursor.kindCode === KIND_DIRECTORY ? depth : Infinity;
        else {
          const kept = choice.keep(cursor);
          if (!(typeof kept === 'boolean' ? kept : await kept)) continue;
          for (const { block, from, to } of [...waiting, row]) builder.add(block, from, to);
          waiting = [];
          if (builder.isFull) yield builder.take();
        }
      } while (cursor.advance());
      await cursor.refill();
    }
    if (builder.count > 0) yield builder.take();
  } finally {
    await cursor.close();
  }
}
