import { DirectoryReader } from '../syscalls/directory.ts';
import { SystemCallError } from '../syscalls/errno.ts';
import { NameSorter } from './sort-names.ts';

const SMALL = 65_536;
const LARGE = 4 * 1024 * 1024;

/** Reads all names of one directory and sorts them. Each listing replaces the one before. */
export class DirectoryLister {
  #reader = new DirectoryReader(SMALL);
  readonly #sorter = new NameSorter();
  /** Where the names begin in `bytes`, sorted; each has its type before it and a zero byte after it. */
  offsets = new Uint32Array(1_024);
  count = 0;

  get bytes(): Uint8Array {
    return this.#reader.bytes;
  }

  /** Bytes in use. */
  get length(): number {
    return this.#reader.length;
  }

  /** Returns the error that ended the listing early, if any: what came before it is there. */
  list(fd: number): SystemCallError | undefined {
    const failure = this.#read(fd);
    this.count = 0;
    while (this.#reader.next()) {
      if (this.count === this.offsets.length) this.#growOffsets();
      this.offsets[this.count++] = this.#reader.nameOffset;
    }
    this.#sorter.sort(this.bytes, this.offsets, this.count);
    return failure;
  }

  /** Where the name `wanted` begins, or -1. */
  find(wanted: Uint8Array): number {
    let from = 0;
    for (let to = this.count; from < to; ) {
      const middle = (from + to) >> 1;
      const offset = this.offsets[middle]!;
      const order = this.#compare(offset, wanted);
      if (order === 0) return offset;
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    return -1;
  }

  /** Forgets all names but those that begin at these places. */
  keepOnly(offsets: readonly number[]): void {
    this.offsets.set(offsets);
    this.count = offsets.length;
  }

  /** Gives back the memory that a giant directory needed. */
  shrink(): void {
    if (this.bytes.length <= LARGE) return;
    this.#reader = new DirectoryReader(SMALL);
    this.offsets = new Uint32Array(1_024);
    this.#sorter.shrink();
  }

  #read(fd: number): SystemCallError | undefined {
    this.#reader.clear();
    try {
      while (this.#reader.append(fd));
      return undefined;
    } catch (error) {
      if (error instanceof SystemCallError) return error;
      throw error;
    }
  }

  /** Negative where the name at `offset` comes before `wanted`. */
  #compare(offset: number, wanted: Uint8Array): number {
    const { bytes } = this;
    let at = 0;
    while (at < wanted.length && bytes[offset + at] === wanted[at]) at++;
    return bytes[offset + at]! - (wanted[at] ?? 0);
  }

  #growOffsets(): void {
    const larger = new Uint32Array(this.offsets.length * 2);
    larger.set(this.offsets);
    this.offsets = larger;
  }
}
