import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { comparePaths } from '../../paths/rel-path.ts';
import type { RunContext } from './run-stage.ts';

/** Removes the temporary names that an interrupted run left. */
export async function dropLeftovers({ task }: RunContext, leftovers: readonly RelPath[]): Promise<void> {
  for (const key of leftovers) await removeTree(task.layout.destination, key, { signal: task.signal });
}

/** Removes what is at a key with everything below it. */
export async function removeTree(destination: Destination, key: RelPath, options: CallOptions): Promise<void> {
  const directories: RelPath[] = [];
  for await (const objects of destination.list(key, options)) {
    for (const object of objects) {
      if (object.kind === 'directory') directories.push(object.key);
      else await destination.remove(object.key, options);
    }
  }
  for (const directory of directories.sort(comparePaths).reverse()) await destination.remove(directory, options);
  await destination.remove(key, options);
}
