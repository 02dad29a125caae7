/** Entries of a page; a power of two. */
const PAGE_ENTRIES = 1 << 12;

/** Fixed-size entries one after the other, which grow by a page at a time: an array that doubles would need three times the memory meanwhile. */
export class Column {
  readonly #entryBytes: number;
  readonly #pages: Uint8Array[] = [];
  #length = 0;

  constructor(entryBytes: number) {
    this.#entryBytes = entryBytes;
  }

  /** Entries. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that it takes. */
  get bytes(): number {
    return this.#pages.length * PAGE_ENTRIES * this.#entryBytes;
  }

  /** Adds an entry of zeros and gives its number. */
  add(): number {
    if (this.#length === this.#pages.length * PAGE_ENTRIES) this.#pages.push(new Uint8Array(PAGE_ENTRIES * this.#entryBytes));
    return this.#length++;
  }

  /** The page that holds an entry, to read and to change; it begins there at `offsetOf`. */
  pageOf(entry: number): Uint8Array {
    return this.#pages[Math.floor(entry / PAGE_ENTRIES)] as Uint8Array;
  }

  offsetOf(entry: number): number {
    return (entry % PAGE_ENTRIES) * this.#entryBytes;
  }
}
