import type { RelPath } from '../../contracts/rel-path.ts';
import { removeTree } from '../../storage/remove-tree.ts';
import type { RunContext } from './run-stage.ts';

/** Removes the temporary names that an interrupted run left. */
export async function dropLeftovers({ task }: RunContext, leftovers: readonly RelPath[]): Promise<void> {
  for (const key of leftovers) await removeTree(task.layout.destination, key, { signal: task.signal });
}
