import type { RelPath } from '../contracts/rel-path.ts';
import { encodeText, joinPath, rootPath } from '../paths/rel-path.ts';

/** A place of a KeyTree. Places without a value exist only to lead to others. */
export interface KeySlot<Value> {
  name: string;
  parent: KeySlot<Value> | undefined;
  readonly children: Map<string, KeySlot<Value>>;
  value: Value | undefined;
}

/** Values by key. `fold` says which names are the same name (upper and lower case, Unicode forms). */
export class KeyTree<Value> {
  readonly root: KeySlot<Value> = { name: '', parent: undefined, children: new Map(), value: undefined };
  readonly #fold: (name: string) => string;

  constructor(fold: (name: string) => string) {
    this.#fold = fold;
  }

  find(key: RelPath): KeySlot<Value> | undefined {
    let slot: KeySlot<Value> | undefined = this.root;
    for (const name of segmentsOf(key)) slot = slot?.children.get(this.#fold(name));
    return slot;
  }

  get(key: RelPath): Value | undefined {
    return this.find(key)?.value;
  }

  /** The place of `key`, made with `store`d names where it is missing. `visit` sees every place on the way, the last one not. */
  ensure(key: RelPath, store: (name: string) => string, visit?: (slot: KeySlot<Value>) => void): KeySlot<Value> {
    let slot = this.root;
    for (const name of segmentsOf(key)) {
      visit?.(slot);
      let next = slot.children.get(this.#fold(name));
      if (next === undefined) {
        next = { name: store(name), parent: slot, children: new Map(), value: undefined };
        slot.children.set(this.#fold(name), next);
      }
      slot = next;
    }
    return slot;
  }

  /** Forgets the value, and the places that led only to it. */
  clear(slot: KeySlot<Value>): void {
    slot.value = undefined;
    for (let at = slot; at.value === undefined && at.children.size === 0 && at.parent !== undefined; at = at.parent) {
      at.parent.children.delete(this.#fold(at.name));
    }
  }

  /** The key of a place, with its names as they are stored. */
  keyOf(slot: KeySlot<Value>): RelPath {
    return slot.parent === undefined ? rootPath : joinPath(this.keyOf(slot.parent), slot.name);
  }

  /** Every place below `slot`, in tree order where `sorted`; changes made meanwhile may be seen. */
  *below(slot: KeySlot<Value>, sorted: boolean): Generator<KeySlot<Value>> {
    for (const child of sorted ? sortByBytes(slot.children.values()) : slot.children.values()) {
      yield child;
      yield* this.below(child, sorted);
    }
  }
}

function sortByBytes<Value>(slots: Iterable<KeySlot<Value>>): KeySlot<Value>[] {
  return Array.from(slots, (slot) => ({ slot, bytes: encodeText(slot.name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ slot }) => slot);
}

function segmentsOf(key: RelPath): string[] {
  return key === '' ? [] : key.split('/');
}
