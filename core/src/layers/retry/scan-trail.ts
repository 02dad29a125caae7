import type { EntryBlock } from '../../contracts/entry-block.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryBatch } from '../../contracts/source.ts';
import { packEntries } from '../../entries/entry-block-builder.ts';
import { sliceBlock } from '../../entries/slice-block.ts';
import { comparePaths, decodeText, rootPath } from '../../paths/rel-path.ts';

/** Bytes of a name's header in EntryBlock.names: u16 depth, u16 length. */
const HEADER_BYTES = 4;

/** Follows a scan and knows the path of the entry it came to, at the cost of a few small numbers an entry. */
export class ScanTrail {
  #depth = -1;
  /** Where the names of the last entry and of the directories that lead to it stand, by depth: a column of names, an offset in it. */
  readonly #columns: DataView[] = [];
  readonly #offsets: number[] = [];

  /** The entry that was come to; undefined at the beginning. */
  get last(): RelPath | undefined {
    if (this.#depth < 0) return undefined;
    return Array.from({ length: this.#depth }, (_, index) => this.#nameAt(index + 1)).join('/') as RelPath;
  }

  /** Goes on to the end of `batch`. */
  follow(batch: EntryBatch): void {
    if ('count' in batch) this.#follow(batch, () => false);
    else this.#followEntries(batch);
  }

  /** Goes on until `path` is passed, and gives what of `batch` comes after it. */
  after(batch: EntryBatch, path: RelPath): EntryBatch | undefined {
    if (!('count' in batch)) {
      this.follow(batch);
      const fresh = batch.filter((entry) => comparePaths(entry.path, path) > 0);
      return fresh.length === 0 ? undefined : fresh;
    }
    const first = this.#follow(batch, () => comparePaths(this.last ?? rootPath, path) > 0);
    return first === batch.count ? undefined : sliceBlock(batch, first);
  }

  /** Answers at which entry `stop` said so; without, the count. */
  #follow(block: EntryBlock, stop: () => boolean): number {
    const names = new DataView(block.names.buffer, block.names.byteOffset, block.names.byteLength);
    let offset = 0;
    for (let index = 0; index < block.count; index++) {
      this.#depth = names.getUint16(offset, true);
      this.#columns[this.#depth] = names;
      this.#offsets[this.#depth] = offset;
      if (stop()) return index;
      offset += HEADER_BYTES + names.getUint16(offset + 2, true);
    }
    return block.count;
  }

  /** The last entry of an array has its whole path, so its directories need not be known. */
  #followEntries(batch: Exclude<EntryBatch, EntryBlock>): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    const segments = last.path === '' ? [] : last.path.split('/');
    const paths = segments.map((_, index) => segments.slice(0, index + 1).join('/') as RelPath);
    for (const path of [rootPath, ...paths]) this.follow(packEntries([{ ...last, path }]));
  }

  #nameAt(depth: number): string {
    const names = this.#columns[depth];
    const offset = this.#offsets[depth] ?? 0;
    if (names === undefined) return '';
    return decodeText(new Uint8Array(names.buffer, names.byteOffset + offset + HEADER_BYTES, names.getUint16(offset + 2, true)));
  }
}
