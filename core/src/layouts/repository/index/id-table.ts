import { ID_BYTES } from '../format/object-id.ts';
import { Column } from './column.ts';

/** At this load a miss looks at about thirty neighbouring slots, which is two cache lines. */
const MAX_LOAD = 0.875;
const GROWTH = 1.125;
/** A slot is 0 or has the number of an entry plus one, and above it five bits that tell most of the others apart. */
const NUMBER_BITS = 27;
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;
const MIN_SLOTS = 1 << 12;

/**
 * Ids of 32 bytes in the order in which they came, found again by open addressing: five bytes for each besides itself. The ids are
 * digests, so their first bytes are as good as any hash of them. The same id may be there many times, under one of two kinds.
 */
export class IdTable {
  readonly #ids = new Column(ID_BYTES);
  #slots = new Uint32Array(MIN_SLOTS);

  get length(): number {
    return this.#ids.length;
  }

  get bytes(): number {
    return this.#ids.bytes + this.#slots.byteLength;
  }

  /** Makes room for `count` more at once, where that is known. */
  reserve(count: number): void {
    const needed = Math.ceil((this.length + count) / MAX_LOAD);
    if (needed > this.#slots.length) this.#resize(needed);
  }

  /** Adds the id in the 32 bytes of `source` from `offset` on and gives its number. `kind` is 0 or 1. */
  add(source: Uint8Array, offset: number, kind: number): number {
    if (this.length + 1 > NUMBER_MASK) throw new RangeError(`An index in memory has room for ${NUMBER_MASK} ids.`);
    if (this.length + 1 > this.#slots.length * MAX_LOAD) this.#resize(Math.ceil(this.#slots.length * GROWTH));
    const entry = this.#ids.add();
    const page = this.#ids.pageOf(entry);
    const at = this.#ids.offsetOf(entry);
    for (let index = 0; index < ID_BYTES; index++) page[at + index] = source[offset + index] as number;
    this.#place(entry, firstWord(source, offset), tagOf(source, offset, kind));
    return entry;
  }

  /** The number of an entry with this id and kind, or -1. With `after`, that of the one found after it. */
  find(source: Uint8Array, offset: number, kind: number, after = -1): number {
    const slots = this.#slots;
    const tag = tagOf(source, offset, kind);
    let isPast = after < 0;
    for (let slot = this.#home(firstWord(source, offset)); slots[slot] !== 0; slot = slot + 1 === slots.length ? 0 : slot + 1) {
      const value = slots[slot] as number;
      if (value >>> NUMBER_BITS !== tag) continue;
      const entry = (value & NUMBER_MASK) - 1;
      if (isPast && this.#isEqual(entry, source, offset)) return entry;
      isPast ||= entry === after;
    }
    return -1;
  }

  /** Copies an entry's id to `target`. */
  copyId(entry: number, target: Uint8Array, offset: number): void {
    const at = this.#ids.offsetOf(entry);
    target.set(this.#ids.pageOf(entry).subarray(at, at + ID_BYTES), offset);
  }

  #isEqual(entry: number, source: Uint8Array, offset: number): boolean {
    const page = this.#ids.pageOf(entry);
    const at = this.#ids.offsetOf(entry);
    for (let index = 0; index < ID_BYTES; index++) if (page[at + index] !== source[offset + index]) return false;
    return true;
  }

  #home(word: number): number {
    return Math.floor((word / 2 ** 32) * this.#slots.length);
  }

  #place(entry: number, word: number, tag: number): void {
    const slots = this.#slots;
    let slot = this.#home(word);
    while (slots[slot] !== 0) slot = slot + 1 === slots.length ? 0 : slot + 1;
    slots[slot] = ((tag << NUMBER_BITS) | (entry + 1)) >>> 0;
  }

  #resize(size: number): void {
    const kinds = this.#kinds();
    this.#slots = new Uint32Array(Math.max(size, MIN_SLOTS));
    for (let entry = 0; entry < this.length; entry++) {
      const page = this.#ids.pageOf(entry);
      const at = this.#ids.offsetOf(entry);
      this.#place(entry, firstWord(page, at), tagOf(page, at, ((kinds[entry >>> 3] as number) >>> (entry & 7)) & 1));
    }
  }

  /** One bit for every entry. */
  #kinds(): Uint8Array {
    const kinds = new Uint8Array((this.length >>> 3) + 1);
    for (const value of this.#slots) {
      const entry = (value & NUMBER_MASK) - 1;
      if (entry >= 0 && value >>> 31 === 1) kinds[entry >>> 3] = (kinds[entry >>> 3] as number) | (1 << (entry & 7));
    }
    return kinds;
  }
}

function firstWord(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as unknown as [number, number, number, number];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The kind and four bits of the id. */
function tagOf(bytes: Uint8Array, at: number, kind: number): number {
  return (kind << 4) | ((bytes[at + 4] as number) & 15);
}
