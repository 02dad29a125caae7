import type { RelPath } from '../../../contracts/rel-path.ts';
import { encodeText } from '../../../paths/rel-path.ts';
import type { Node } from '../format/tree/node.ts';
import type { TreeCache } from './tree-cache.ts';

/** The nodes of the directory at a path below a tree; undefined where there is none. Rejects with `state-damaged`. */
export async function findDirectory(trees: TreeCache, tree: Uint8Array, path: RelPath): Promise<readonly Node[] | undefined> {
  let nodes = await trees.load(tree);
  for (const segment of path === '' ? [] : path.split('/')) {
    const subtree = findName(nodes, encodeText(segment))?.subtree;
    if (subtree === undefined) return undefined;
    nodes = await trees.load(subtree);
  }
  return nodes;
}

/** The node of a name; nodes are in the order of their names. */
export function findName(nodes: readonly Node[], name: Uint8Array): Node | undefined {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const node = nodes[middle] as Node;
    const order = Buffer.compare(node.name, name);
    if (order === 0) return node;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}
