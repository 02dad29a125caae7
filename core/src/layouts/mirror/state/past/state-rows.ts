import type { RelPath } from '../../../../contracts/rel-path.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { comparePaths } from '../../../../paths/rel-path.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';

/**
 * Looks rows up in a stream that can be opened again. Paths that come in tree order are found in one pass, holding one block; a path
 * that lies before the last one starts another. Calls wait for each other.
 */
export class StateRows implements AsyncDisposable {
  readonly #open: () => AsyncIterable<ManifestBlock>;
  #cursor: EntryCursor<ManifestBlock> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(open: () => AsyncIterable<ManifestBlock>) {
    this.#open = open;
  }

  /** The extras of the rows at these paths; undefined for a path that has no row. */
  extrasOf(paths: readonly RelPath[]): Promise<(Uint8Array | undefined)[]> {
    const found = this.#last.then(async () => {
      const extras: (Uint8Array | undefined)[] = [];
      for (const path of paths) extras.push(await this.#find(path));
      return extras;
    });
    this.#last = found.catch(() => undefined);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#cursor?.close();
    this.#cursor = undefined;
  }

  async #find(path: RelPath): Promise<Uint8Array | undefined> {
    const cursor = await this.#cursorBefore(path);
    while (!cursor.done) {
      do {
        const order = comparePaths(cursor.path, path);
        if (order > 0) return undefined;
        if (order === 0) return cursor.block.extrasAt(cursor.index);
      } while (cursor.advance());
      await cursor.refill();
    }
    return undefined;
  }

  async #cursorBefore(path: RelPath): Promise<EntryCursor<ManifestBlock>> {
    if (this.#cursor !== undefined && !this.#cursor.done && comparePaths(this.#cursor.path, path) <= 0) return this.#cursor;
    await this.#cursor?.close();
    const cursor = new EntryCursor(this.#open());
    this.#cursor = cursor;
    await cursor.start();
    return cursor;
  }
}
