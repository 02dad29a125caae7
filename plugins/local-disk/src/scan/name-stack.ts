import { DT } from '../syscalls/directory.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import type { DirectoryLister } from './directory-lister.ts';

const SMALL = 65_536;
const LARGE = 4 * 1024 * 1024;

export interface NameCounts {
  readonly nameCount: number;
  /** How many of them are known to be directories. */
  readonly directoryCount: number;
}

/** Sorted names in the form of `Hole.names`, those of the innermost directory on top. Native memory: names are passed to the kernel where they are. */
export class NameStack {
  #memory = new NativeBuffer(SMALL);
  /** Valid until more names are pushed. */
  bytes = new Uint8Array(this.#memory.bytes.buffer);
  top = 0;

  addressOf(offset: number): number {
    return this.#memory.address + offset;
  }

  /**
   * Puts the names of a listing on top. A name that equals the one before it is dropped: a directory that changes while it is read
   * may list one twice.
   */
  pushListing(listing: DirectoryLister): NameCounts {
    // A dirent has 17 bytes more than this needs, so its length is room enough.
    this.#reserve(listing.length);
    const { bytes } = this;
    const { bytes: source, offsets, count } = listing;
    let at = this.top;
    let directoryCount = 0;
    let nameCount = 0;
    let previous = -1;
    for (let index = 0; index < count; index++) {
      const offset = offsets[index]!;
      if (previous >= 0 && isSameName(source, previous, offset)) continue;
      previous = offset;
      const type = source[offset - 1]!;
      bytes[at++] = type;
      if (type === DT.DIRECTORY) directoryCount++;
      nameCount++;
      for (let from = offset, byte = source[from]!; byte !== 0; byte = source[++from]!) bytes[at++] = byte;
      bytes[at++] = 0;
    }
    this.top = at;
    return { nameCount, directoryCount };
  }

  /** Puts names on top that already have this form. */
  push(names: Uint8Array): void {
    this.#reserve(names.length);
    this.bytes.set(names, this.top);
    this.top += names.length;
  }

  /** Forgets everything, and the memory that giant directories needed. */
  clear(): void {
    this.top = 0;
    if (this.bytes.length <= LARGE) return;
    this.#use(new NativeBuffer(SMALL));
  }

  #reserve(length: number): void {
    const needed = this.top + length;
    if (needed <= this.bytes.length) return;
    const larger = new NativeBuffer(Math.max(needed, this.bytes.length * 2));
    larger.bytes.set(this.bytes.subarray(0, this.top));
    this.#use(larger);
  }

  #use(memory: NativeBuffer): void {
    this.#memory = memory;
    this.bytes = new Uint8Array(memory.bytes.buffer);
  }
}

function isSameName(bytes: Uint8Array, left: number, right: number): boolean {
  let at = 0;
  while (bytes[left + at] === bytes[right + at] && bytes[left + at] !== 0) at++;
  return bytes[left + at] === bytes[right + at];
}
