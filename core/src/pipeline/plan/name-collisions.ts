import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryCursor } from '../../entries/entry-cursor.ts';
import { decodeText } from '../../paths/rel-path.ts';

/** Names of one directory that a destination takes for the same: it ignores case or changes the Unicode form. */
export class NameCollisions {
  /** Pairs of paths that would be one at the destination; at most a hundred are kept. */
  readonly found: (readonly [RelPath, RelPath])[] = [];
  readonly #open: Map<string, RelPath>[] = [];

  check(cursor: EntryCursor): void {
    const { depth } = cursor;
    this.#open.length = Math.min(this.#open.length, depth + 1);
    const names = (this.#open[depth] ??= new Map());
    const folded = decodeText(cursor.name).normalize('NFC').toLowerCase();
    const before = names.get(folded);
    if (before === undefined) names.set(folded, cursor.path);
    else if (this.found.length < 100) this.found.push([before, cursor.path]);
  }
}
