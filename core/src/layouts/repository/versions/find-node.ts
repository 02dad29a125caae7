import type { RelPath } from '../../../contracts/rel-path.ts';
import { encodeText } from '../../../paths/rel-path.ts';
import type { Node } from '../format/tree/node.ts';
import type { TreeCache } from './tree-cache.ts';

/** The node at a path below a tree; undefined where there is none, and for the tree's own root, which has no node. Rejects with `state-damaged`. */
export async function findNode(trees: TreeCache, tree: Uint8Array, path: RelPath): Promise<Node | undefined> {
  let node: Node | undefined;
  if (path === '') return undefined;
  for (const segment of path.split('/')) {
    const directory = node === undefined ? tree : node.subtree;
    if (directory === undefined) return undefined;
    node = findName(await trees.load(directory), encodeText(segment));
    if (node === undefined) return undefined;
  }
  return node;
}

/** Nodes are in the order of their names. */
function findName(nodes: readonly Node[], name: Uint8Array): Node | undefined {
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
