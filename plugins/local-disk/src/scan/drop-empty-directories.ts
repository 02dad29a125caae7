import type { EntryBlock } from '@holdfast/core/plugin';
import { EntryCollector, type PackedEntry } from './entry-collector.ts';
import { readPackedEntries } from './read-packed-entries.ts';

/**
 * Removes the directories that take part only when something below them does, and have nothing below. Order and everything else stay.
 * `onDrop` is told of each.
 */
export async function* dropEmptyDirectories(
  blocks: AsyncIterable<EntryBlock>,
  entriesPerBlock: number,
  onDrop: () => void,
): AsyncGenerator<EntryBlock, void> {
  const collector = new EntryCollector();
  const waiting: PackedEntry[] = [];
  for await (const block of blocks) {
    for (const entry of readPackedEntries(block)) {
      while ((waiting.at(-1)?.depth ?? -1) >= entry.depth) {
        waiting.pop();
        onDrop();
      }
      if (entry.isDeferred) {
        waiting.push(entry);
        continue;
      }
      for (const each of [...waiting.splice(0), entry]) {
        if (collector.count === entriesPerBlock) yield collector.finish();
        collector.add(each);
      }
    }
    if (collector.count > 0) yield collector.finish();
  }
  waiting.forEach(onDrop);
}
