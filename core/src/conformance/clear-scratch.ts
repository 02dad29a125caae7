import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { comparePaths } from '../paths/rel-path.ts';
import { inParallel } from './in-parallel.ts';

/** Removes everything below `root`, and `root` itself, the deepest first. */
export async function clearScratch(destination: Destination, root: RelPath): Promise<void> {
  const keys: RelPath[] = [];
  const directories: RelPath[] = [];
  for await (const page of destination.list(root, {})) {
    for (const { key, kind } of page) (kind === 'directory' ? directories : keys).push(key);
  }
  await inParallel(keys, destination.traits.maxConnections, (key) => destination.remove(key, {}));
  for (const key of directories.sort(comparePaths).reverse()) await destination.remove(key, {});
  await destination.remove(root, {});
}
