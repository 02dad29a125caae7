import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { type OverlayResult, OverlayWalk } from './overlay-walk.ts';

/**
 * The rows of `older` as the delta `newer` changes them, in tree order. Blocks of `older` that no change falls into are given out as
 * they are. Throws `state-damaged` when the delta is not one of this state.
 */
export async function* overlayBlocks(
  older: AsyncIterable<ManifestBlock>,
  newer: AsyncIterable<ManifestBlock>,
  result: OverlayResult,
): AsyncGenerator<ManifestBlock, void> {
  const olderCursor = new EntryCursor(older);
  const newerCursor = new EntryCursor(newer);
  try {
    await olderCursor.start();
    await newerCursor.start();
    const walk = new OverlayWalk(olderCursor, newerCursor, result);
    while (!olderCursor.done || !newerCursor.done) {
      yield* walk.step();
      if (walk.olderUsed) await olderCursor.refill();
      if (walk.newerUsed) await newerCursor.refill();
    }
    yield* walk.finish();
  } finally {
    await olderCursor.close();
    await newerCursor.close();
  }
}
