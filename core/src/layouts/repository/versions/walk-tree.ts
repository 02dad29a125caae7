import type { Entry } from '../../../contracts/entry.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { damaged } from '../format/damaged.ts';
import type { Node } from '../format/tree/node.ts';
import { nodeToEntry } from '../format/tree/node-to-entry.ts';
import type { TreeCache } from './tree-cache.ts';

/** No file system has directories this deep: a tree that has was made to keep its readers busy. */
const MAX_DEPTH = 4096;
/** Directories that are read before the walk comes to them. */
const AHEAD = 6;

export interface VisitedNode {
  readonly entry: Entry;
  readonly node: Node;
}

export interface TreeWalk {
  /** Whether what is in a directory is wanted too, asked when the directory has been passed on. */
  enters(entry: Entry, node: Node): boolean;
  /** Told of a directory that cannot be read; what is in it is passed over. Absent: that rejects. */
  readonly onDamaged?: (path: RelPath, error: unknown) => void;
}

/** Everything below a tree in tree order, without the tree itself. Directories to come are read ahead. */
export async function* walkTree(
  trees: TreeCache,
  tree: Uint8Array,
  at: RelPath,
  walk: TreeWalk,
  depth = 1,
): AsyncGenerator<VisitedNode, void> {
  const nodes = await loadOrTell(trees, tree, at, walk, depth);
  const directories = nodes.filter(({ type }) => type === 'dir');
  let next = 0;
  for (const node of nodes) {
    const entry = nodeToEntry(node, at);
    yield { entry, node };
    if (node.type !== 'dir') continue;
    next++;
    if (!walk.enters(entry, node)) continue;
    for (const later of directories.slice(next, next + AHEAD))
      if (later.subtree !== undefined) void readAhead(trees, later.subtree);
    if (node.subtree === undefined) tell(walk, entry.path, damaged(`The directory "${entry.path}" has no tree.`));
    else yield* walkTree(trees, node.subtree, entry.path, walk, depth + 1);
  }
}

async function loadOrTell(
  trees: TreeCache,
  tree: Uint8Array,
  at: RelPath,
  walk: TreeWalk,
  depth: number,
): Promise<readonly Node[]> {
  try {
    if (depth > MAX_DEPTH) throw damaged(`Directories lie more than ${String(MAX_DEPTH)} deep.`);
    return await trees.load(tree);
  } catch (error) {
    tell(walk, at, error);
    return [];
  }
}

function tell({ onDamaged }: TreeWalk, path: RelPath, error: unknown): void {
  if (onDamaged === undefined) throw error;
  onDamaged(path, error);
}

/** Its failure is told when the walk comes there. */
async function readAhead(trees: TreeCache, tree: Uint8Array): Promise<void> {
  await trees.load(tree).catch(() => undefined);
}
