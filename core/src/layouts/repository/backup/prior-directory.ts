import type { Node } from '../format/tree/node.ts';
import { readTree } from '../format/tree/read-tree.ts';

/** Entries that are read ahead, so that the directories among them can be loaded before they are asked for. */
const READ_AHEAD = 32;

/** An entry of the parent snapshot, and which of its directory it is. */
export interface PriorEntry {
  readonly node: Node;
  readonly index: number;
}

/** A directory of the parent snapshot, read along with the same directory of the source: names are asked for in their order. */
export class PriorDirectory {
  /** Of its tree. */
  readonly id: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #nodes: Iterator<Node>;
  readonly #onDirectory: (subtree: Uint8Array) => void;
  readonly #ahead: Node[] = [];
  #taken = 0;
  #count = 0;

  /** `onDirectory` is told of each directory in it some time before it is asked for. Throws `state-damaged`, as `find` and `count` do. */
  constructor(id: Uint8Array, bytes: Uint8Array, onDirectory: (subtree: Uint8Array) => void) {
    this.id = id;
    this.#bytes = bytes;
    this.#nodes = readTree(bytes)[Symbol.iterator]();
    this.#onDirectory = onDirectory;
    this.#fill();
  }

  /** The entry of this name, where there is one. */
  find(name: Uint8Array): PriorEntry | undefined {
    for (;;) {
      const node = this.#ahead[this.#taken];
      if (node === undefined) return undefined;
      const order = Buffer.compare(node.name, name);
      if (order > 0) return undefined;
      const index = this.#count - this.#ahead.length + this.#taken;
      this.#taken++;
      if (this.#taken === this.#ahead.length) this.#fill();
      if (order === 0) return { node, index };
    }
  }

  /** How many entries it has. Nothing can be found afterwards. */
  count(): number {
    while (this.#nodes.next().done !== true) this.#count++;
    return this.#count;
  }

  /** The first `count` entries again. */
  *first(count: number): Generator<Node, void> {
    let index = 0;
    if (count === 0) return;
    for (const node of readTree(this.#bytes)) {
      yield node;
      if (++index === count) return;
    }
  }

  #fill(): void {
    this.#ahead.length = 0;
    this.#taken = 0;
    while (this.#ahead.length < READ_AHEAD) {
      const next = this.#nodes.next();
      if (next.done === true) return;
      this.#ahead.push(next.value);
      this.#count++;
      if (next.value.subtree !== undefined) this.#onDirectory(next.value.subtree);
    }
  }
}
