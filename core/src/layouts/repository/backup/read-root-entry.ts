import type { Entry } from '../../../contracts/entry.ts';
import type { Selection } from '../../../contracts/selection.ts';
import type { Source } from '../../../contracts/source.ts';
import { blocksOf } from '../../../entries/blocks-of.ts';
import { EntryCursor } from '../../../entries/entry-cursor.ts';
import { HoldfastError } from '../../../errors/holdfast-error.ts';

const nothingBelow: Selection = {
  rules: [{ effect: 'exclude', pattern: '*' }],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: true,
  paths: [],
  includeState: true,
};

/** A directory itself, without what is in it. */
export async function readRootEntry(
  open: ((depth: number) => Promise<Source>) | undefined,
  depth: number,
  signal: AbortSignal,
): Promise<{ readonly source: Source; readonly entry: Entry }> {
  if (open === undefined) throw new HoldfastError('internal', 'A directory above a source cannot be opened.');
  const source = await open(depth);
  const options = { selection: nothingBelow, signal, onSkip: () => undefined, onExclude: () => undefined };
  const cursor = new EntryCursor(blocksOf(source.scan(options)));
  try {
    await cursor.start();
    if (cursor.done) throw new HoldfastError('read-failed', `Cannot read ${source.traits.displayName}.`);
    return { source, entry: cursor.entry() };
  } finally {
    await cursor.close();
  }
}
