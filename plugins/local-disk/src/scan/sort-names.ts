/** Below this, comparing names one by one is quicker than sorting keys. */
const FEW = 10;
const INDEX_SPAN = 2 ** 21;
const WIDE_INDEX_SPAN = 2 ** 29;

/**
 * Sorts names by their bytes without making a string of any: keys of a few bytes of the name and the index are sorted as
 * numbers; names with equal keys are sorted by the bytes that follow. Its memory is kept for the next directory.
 */
export class NameSorter {
  #keys = new Float64Array(1_024);
  #moved = new Uint32Array(1_024);
  readonly #mostNames: number;
  #bytes!: Uint8Array;
  #offsets!: Uint32Array;

  /** Above `mostNames` a key has a byte less of the name and more room for the index; tests set it lower. */
  constructor(mostNames = INDEX_SPAN) {
    this.#mostNames = mostNames;
  }

  /** Orders `offsets[0..count)`, each where a name that ends with a zero byte begins in `bytes`. */
  sort(bytes: Uint8Array, offsets: Uint32Array, count: number): void {
    if (this.#keys.length < count) {
      this.#keys = new Float64Array(count * 2);
      this.#moved = new Uint32Array(count * 2);
    }
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#sortRange(0, count, 0);
  }

  /** Gives back the memory that a giant directory needed. */
  shrink(): void {
    if (this.#keys.length <= 65_536) return;
    this.#keys = new Float64Array(1_024);
    this.#moved = new Uint32Array(1_024);
  }

  /** The names of [from, to) share their first `skip` bytes. */
  #sortRange(from: number, to: number, skip: number): void {
    if (to - from <= FEW) return this.#insertionSort(from, to, skip);
    const start = skip + this.#commonLength(from, to, skip);
    const wide = to - from > this.#mostNames;
    const span = wide ? WIDE_INDEX_SPAN : INDEX_SPAN;
    const width = wide ? 3 : 4;
    this.#makeKeys(from, to, start, width, span);
    this.#keys.subarray(from, to).sort();
    this.#reorder(from, to, span);
    this.#sortRuns(from, to, start + width, span);
  }

  #commonLength(from: number, to: number, skip: number): number {
    const bytes = this.#bytes;
    const offsets = this.#offsets;
    const first = offsets[from]! + skip;
    let common = 1_024;
    for (let index = from + 1; index < to && common > 0; index++) {
      const other = offsets[index]! + skip;
      let length = 0;
      while (length < common && bytes[other + length] === bytes[first + length] && bytes[first + length] !== 0) length++;
      common = length;
    }
    return common;
  }

  #makeKeys(from: number, to: number, start: number, width: number, span: number): void {
    const bytes = this.#bytes;
    const offsets = this.#offsets;
    const keys = this.#keys;
    for (let index = from; index < to; index++) {
      let at = offsets[index]! + start;
      let key = 0;
      let taken = 0;
      for (let byte = bytes[at]!; taken < width && byte !== 0; byte = bytes[++at]!) {
        key = key * 256 + byte;
        taken++;
      }
      // The bytes that the name lacks count as zero, so a name comes before those that it begins.
      for (; taken < width; taken++) key *= 256;
      keys[index] = key * span + (index - from);
    }
  }

  #reorder(from: number, to: number, span: number): void {
    const offsets = this.#offsets;
    const moved = this.#moved;
    const keys = this.#keys;
    for (let index = from; index < to; index++) moved[index] = offsets[index]!;
    for (let index = from; index < to; index++) offsets[index] = moved[from + (keys[index]! % span)]!;
  }

  /** Sorting a run spoils the keys of that run only, and they have been looked at by then. */
  #sortRuns(from: number, to: number, skip: number, span: number): void {
    const keys = this.#keys;
    let start = from;
    let prefix = Math.floor(keys[from]! / span);
    for (let index = from + 1; index <= to; index++) {
      const next = index === to ? -1 : Math.floor(keys[index]! / span);
      if (next === prefix) continue;
      // A key that ends with a zero byte holds a whole name: what is equal to it is the same name twice.
      if (index - start > 1 && prefix % 256 !== 0) this.#sortRange(start, index, skip);
      start = index;
      prefix = next;
    }
  }

  #insertionSort(from: number, to: number, skip: number): void {
    const offsets = this.#offsets;
    for (let index = from + 1; index < to; index++) {
      const offset = offsets[index]!;
      let at = index;
      while (at > from && this.#isAfter(offsets[at - 1]!, offset, skip)) {
        offsets[at] = offsets[at - 1]!;
        at--;
      }
      offsets[at] = offset;
    }
  }

  #isAfter(left: number, right: number, skip: number): boolean {
    const bytes = this.#bytes;
    let at = skip;
    while (bytes[left + at] === bytes[right + at] && bytes[left + at] !== 0) at++;
    return bytes[left + at]! > bytes[right + at]!;
  }
}
