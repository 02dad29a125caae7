import type { Entry } from '../../../contracts/entry.ts';
import type { ScanOptions, ScanSkip } from '../../../contracts/source.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { isHoldfastError } from '../../../errors/holdfast-error.ts';
import { isWithin } from '../../../paths/rel-path.ts';
import { compileSelection } from '../../../selection/compile-selection.ts';
import type { TreeCache } from './tree-cache.ts';
import { type TreeWalk, walkTree } from './walk-tree.ts';

const BATCH = 500;

/** Entries of a version, `top` first, then what is in `tree`, as far as they are selected. What is damaged goes to `onSkip`. */
export async function* scanVersion(
  trees: TreeCache,
  tree: Uint8Array,
  top: Entry,
  { selection, onSkip, onExclude, signal }: ScanOptions,
): AsyncGenerator<readonly Entry[]> {
  const compiled = compileSelection(selection);
  const out = new Set<Entry>();
  const walk: TreeWalk = {
    enters: (entry) => !out.delete(entry),
    onDamaged: (path, error) => onSkip(skipOf(path, error)),
  };
  let batch: Entry[] = [top];
  // Directories that only lead to others come right before the first of them.
  let leading: Entry[] = [];
  for await (const { entry } of walkTree(trees, tree, top.path, walk)) {
    signal?.throwIfAborted();
    const isDirectory = entry.kind === 'directory';
    const size = entry.kind === 'file' ? entry.size : undefined;
    const answer = compiled.trivial ? 'in' : compiled.decide(entry.path, isDirectory, size);
    if (answer === 'out') {
      onExclude(1);
      if (isDirectory) out.add(entry);
      continue;
    }
    if (leading.length > 0) leading = leading.filter(({ path }) => isWithin(entry.path, path));
    if (answer === 'only-if-descendants') {
      leading.push(entry);
      continue;
    }
    batch.push(...leading, entry);
    leading = [];
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function skipOf(path: RelPath, error: unknown): ScanSkip {
  if (!isHoldfastError(error)) throw error;
  if (error.code !== 'state-damaged') throw error;
  const message = `Cannot read the directory "${path}" of the version: ${error.message}`;
  return { path, code: 'damaged', message, subtree: true };
}
