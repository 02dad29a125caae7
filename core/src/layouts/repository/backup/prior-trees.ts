import { type HoldfastError, isHoldfastError } from '../../../errors/holdfast-error.ts';
import { formatId } from '../format/object-id.ts';
import { PriorDirectory } from './prior-directory.ts';

/** Directories that are loaded before they are asked for. */
const MOST_AHEAD = 48;

/** Loads the directories of the parent snapshot, some of them ahead. */
export class PriorTrees {
  readonly #load: (id: Uint8Array) => Promise<Uint8Array>;
  readonly #onDamaged: (error: HoldfastError) => void;
  readonly #ahead = new Map<string, Promise<Uint8Array>>();

  /** `onDamaged` is told of a directory that cannot be read: what is in it counts as new then. */
  constructor(load: (id: Uint8Array) => Promise<Uint8Array>, onDamaged: (error: HoldfastError) => void) {
    this.#load = load;
    this.#onDamaged = onDamaged;
  }

  /** Undefined where it is damaged. */
  async open(id: Uint8Array): Promise<PriorDirectory | undefined> {
    const key = formatId(id);
    const loading = this.#ahead.get(key) ?? this.#load(id);
    this.#ahead.delete(key);
    try {
      // The node that it is of is part of a tree that may go before this does.
      return new PriorDirectory(Uint8Array.from(id), await loading, (subtree) => this.#loadAhead(subtree));
    } catch (error) {
      if (!isHoldfastError(error, 'state-damaged')) throw error;
      this.#onDamaged(error);
      return undefined;
    }
  }

  #loadAhead(id: Uint8Array): void {
    if (this.#ahead.size >= MOST_AHEAD) return;
    const loading = this.#load(id);
    // It is awaited when it is asked for, if ever.
    loading.catch(() => undefined);
    this.#ahead.set(formatId(id), loading);
  }
}
