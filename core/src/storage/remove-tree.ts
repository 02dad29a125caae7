import type { CallOptions } from '../contracts/call-options.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';

/** Removes everything below `root` and `root` itself, files first, then directories from the deepest up. May be called again after an interruption. */
export async function removeTree(destination: Destination, root: RelPath, options: CallOptions): Promise<void> {
  const byDepth: RelPath[][] = [];
  for await (const objects of destination.list(root, options)) {
    const files: RelPath[] = [];
    for (const { key, kind } of objects) {
      if (kind === 'directory') (byDepth[key.split('/').length] ??= []).push(key);
      else files.push(key);
    }
    await removeAll(destination, files, options);
  }
  for (const directories of byDepth.reverse()) await removeAll(destination, directories ?? [], options);
  await destination.remove(root, options);
}

async function removeAll(destination: Destination, keys: readonly RelPath[], options: CallOptions): Promise<void> {
  const atOnce = Math.max(1, destination.traits.maxConnections);
  for (let start = 0; start < keys.length; start += atOnce) {
    options.signal?.throwIfAborted();
    await Promise.all(keys.slice(start, start + atOnce).map((key) => destination.remove(key, options)));
  }
}
