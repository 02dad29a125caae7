import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PAGE_BYTES = 1 << 20;
/** Positions are page × SPAN + offset, so that a page may be larger than PAGE_BYTES for one large record. */
const SPAN = 2 ** 26;

/** Where in its page a record begins. */
export function offsetInPage(position: number): number {
  return position % SPAN;
}

interface Page {
  readonly index: number;
  readonly bytes: Buffer;
  readonly view: DataView;
  used: number;
  dirty: boolean;
}

/**
 * Records one after another that can be read and changed in place, in memory up to a limit and beyond it in a temporary file.
 * Positions are numbers below 2^53, growing with every record. A record is at most 64 MiB.
 */
export class PagedStore implements Disposable {
  readonly #scratch: string;
  readonly #residentPages: number;
  readonly #pages = new Map<number, Page>();
  readonly #lengths: number[] = [];
  readonly #fileOffsets: number[] = [];
  #fileEnd = 0;
  #last: Page | undefined;
  #directory: string | undefined;
  #fd = -1;

  /** `scratch`: directory for the temporary file; `residentBytes`: how much stays in memory. */
  constructor(scratch: string, residentBytes = 64 << 20) {
    this.#scratch = scratch;
    this.#residentPages = Math.max(2, Math.floor(residentBytes / PAGE_BYTES));
  }

  get isEmpty(): boolean {
    return this.#lengths.length === 0;
  }

  /** Makes room for a record and answers its position; fill it through `change`. */
  append(length: number): number {
    let page = this.#last;
    if (page === undefined || page.used + length > page.bytes.length) {
      page = makePage(this.#lengths.length, Buffer.alloc(Math.max(PAGE_BYTES, length)), 0, true);
      this.#pages.set(page.index, page);
      this.#last = page;
      this.#lengths.push(0);
      this.#evict();
    }
    const position = page.index * SPAN + page.used;
    page.used += length;
    page.dirty = true;
    this.#lengths[page.index] = page.used;
    return position;
  }

  /** The page that holds a record; the record begins in it at `offsetInPage(position)`. To read only: a page may leave memory at the next call. */
  page(position: number): Buffer {
    return this.#load(Math.floor(position / SPAN)).bytes;
  }

  /** As `page`, to change. */
  change(position: number): Buffer {
    const page = this.#load(Math.floor(position / SPAN));
    page.dirty = true;
    return page.bytes;
  }

  /** As `change`, for numbers. */
  changeView(position: number): DataView {
    const page = this.#load(Math.floor(position / SPAN));
    page.dirty = true;
    return page.view;
  }

  /** Positions of the records from `first` on, in the order they were appended; each record must begin with its length as u32. */
  *positions(first = 0): Generator<number> {
    const firstPage = Math.floor(first / SPAN);
    for (let index = firstPage; index < this.#lengths.length; index++) {
      for (let offset = index === firstPage ? offsetInPage(first) : 0; offset < (this.#lengths[index] ?? 0); ) {
        const length = this.#load(index).bytes.readUInt32LE(offset);
        yield index * SPAN + offset;
        offset += length;
      }
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
    this.#fd = -1;
    this.#directory = undefined;
    this.#pages.clear();
  }

  #load(index: number): Page {
    const resident = this.#pages.get(index);
    if (resident !== undefined) return resident;
    const used = this.#lengths[index] ?? 0;
    const bytes = Buffer.alloc(used);
    let done = 0;
    while (done < used) {
      const count = readSync(this.#fd, bytes, done, used - done, (this.#fileOffsets[index] ?? 0) + done);
      if (count === 0) throw new RangeError(`The scratch file ends before page ${index}.`);
      done += count;
    }
    const page = makePage(index, bytes, used, false);
    this.#pages.set(index, page);
    this.#evict();
    return page;
  }

  /** Maps keep insertion order, so the first page is the one that was loaded longest ago. */
  #evict(): void {
    while (this.#pages.size > this.#residentPages) {
      for (const page of this.#pages.values()) {
        if (page === this.#last) continue;
        this.#write(page);
        this.#pages.delete(page.index);
        break;
      }
    }
  }

  #write(page: Page): void {
    if (!page.dirty) return;
    if (this.#fd < 0) {
      this.#directory = mkdtempSync(join(this.#scratch, 'holdfast-plan-'));
      this.#fd = openSync(join(this.#directory, 'records'), 'wx+', 0o600);
    }
    this.#fileOffsets[page.index] ??= this.#fileEnd;
    const offset = this.#fileOffsets[page.index] ?? 0;
    this.#fileEnd = Math.max(this.#fileEnd, offset + page.used);
    let done = 0;
    while (done < page.used) done += writeSync(this.#fd, page.bytes, done, page.used - done, offset + done);
  }
}

function makePage(index: number, bytes: Buffer, used: number, dirty: boolean): Page {
  return { index, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), used, dirty };
}
