import { formatId } from '../format/object-id.ts';
import type { Node } from '../format/tree/node.ts';
import { readTree } from '../format/tree/read-tree.ts';
import type { Repository } from '../store/repository.ts';

/** Memory that the plaintext of trees may take; what is made of it takes a few times as much. */
const MAX_BYTES = 16 << 20;

interface CachedTree {
  readonly nodes: Promise<readonly Node[]>;
  bytes: number;
}

/** Directories of a repository by the ids of their trees, the last ones in memory. What two paths share is read once. */
export class TreeCache {
  readonly #repository: Repository;
  readonly #trees = new Map<string, CachedTree>();
  #bytes = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** The nodes of a tree in their order. Rejects with `state-damaged` for one that is missing or damaged. */
  load(id: Uint8Array): Promise<readonly Node[]> {
    const key = formatId(id);
    const known = this.#trees.get(key);
    this.#trees.delete(key);
    const tree = known ?? this.#begin(key, id);
    this.#trees.set(key, tree);
    return tree.nodes;
  }

  #begin(key: string, id: Uint8Array): CachedTree {
    const tree: CachedTree = { nodes: this.#read(key, id), bytes: 0 };
    // Who asked ahead may never look at it.
    tree.nodes.catch(() => this.#trees.delete(key));
    return tree;
  }

  async #read(key: string, id: Uint8Array): Promise<readonly Node[]> {
    const plain = await this.#repository.loadBlob('tree', id);
    const nodes = [...readTree(plain)];
    const tree = this.#trees.get(key);
    if (tree !== undefined) {
      tree.bytes = plain.length;
      this.#bytes += plain.length;
      this.#makeRoom(tree);
    }
    return nodes;
  }

  #makeRoom(newest: CachedTree): void {
    for (const [key, tree] of this.#trees) {
      if (this.#bytes <= MAX_BYTES) return;
      if (tree === newest || tree.bytes === 0) continue;
      this.#trees.delete(key);
      this.#bytes -= tree.bytes;
    }
  }
}
