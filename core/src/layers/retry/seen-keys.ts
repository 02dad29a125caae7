import type { RelPath } from '../../contracts/rel-path.ts';
import { KeySet } from './key-set.ts';

/** So many keys are kept as they are before anything is concluded from their order. */
const WINDOW = 100_000;

type Order = (a: string, b: string) => boolean;
/** The orders that destinations list in: by the whole key, as object stores do, or directory by directory. */
const orders: readonly Order[] = [(a, b) => a < b, (a, b) => segmentwise(a) < segmentwise(b)];

/**
 * Which keys a listing has given, so that a second one can leave them out. A listing in order needs its last key only; one without
 * order a compact set. Where a long listing seemed ordered and then is not, what was given is not known any more: `forgotten`.
 */
export class SeenKeys {
  forgotten = false;
  #kept: Set<RelPath> | undefined = new Set();
  #hashed: KeySet | undefined;
  readonly #window: number;
  /** The last key given, in order; and the last one of the listing under way. */
  #mark: RelPath | undefined;
  #previous: RelPath | undefined;
  #orders = orders;

  constructor(window = WINDOW) {
    this.#window = window;
  }

  /** A listing begins, or begins again. */
  restart(): void {
    this.#previous = undefined;
  }

  /** The next key of the listing: true when it was not given before. */
  isNew(key: RelPath): boolean {
    this.#checkOrder(key);
    const known = this.#isKnown(key);
    if (!known) this.#remember(key);
    return !known;
  }

  #checkOrder(key: RelPath): void {
    const previous = this.#previous;
    this.#previous = key;
    if (previous === undefined || this.#orders.length === 0) return;
    this.#orders = this.#orders.filter((isBefore) => isBefore(previous, key));
    if (this.#orders.length === 0 && this.#kept === undefined) this.forgotten = true;
  }

  #isKnown(key: RelPath): boolean {
    if (this.#kept?.has(key) === true || this.#hashed?.has(key) === true) return true;
    const isBefore = this.#kept === undefined ? this.#orders[0] : undefined;
    return isBefore !== undefined && this.#mark !== undefined && !isBefore(this.#mark, key);
  }

  #remember(key: RelPath): void {
    this.#mark = key;
    if (this.#hashed !== undefined) this.#hashed.add(key);
    else if (this.#kept !== undefined) this.#keep(this.#kept, key);
  }

  #keep(kept: Set<RelPath>, key: RelPath): void {
    kept.add(key);
    if (kept.size < this.#window) return;
    if (this.#orders.length === 0) {
      this.#hashed = new KeySet();
      for (const each of kept) this.#hashed.add(each);
    }
    this.#kept = undefined;
  }
}

/** A text that compares like the key segment by segment: a slash counts less than any other character, and NUL is in no key. */
function segmentwise(key: string): string {
  return key.replaceAll('/', '\0');
}
