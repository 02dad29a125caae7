import type { EntryBlock } from '@holdfast/core/plugin';
import { packRecord } from '../store/pack-record.ts';
import { makeDevice, STATX_WORD, type StatxRecord } from '../syscalls/statx-record.ts';
import { RECORD_FLAG_DEFERRED, RECORD_WORDS } from './record-words.ts';

/** Longest name of any file system (765 bytes), its header, and some. */
const NAME_ROOM = 1_024;
/** PATH_MAX, which no target exceeds, and its header. */
const TARGET_ROOM = 8_192;
/** Bytes of targets before their length. */
const TARGET_HEADER = 4;

/** Packs entries into the columns of a block, straight from what the kernel filled. Its columns are copied out when a block is finished and used again. */
export class BlockPacker {
  count = 0;
  readonly #capacity: number;
  #names = new Uint8Array(65_536);
  #namesLength = 0;
  #stats: Uint32Array<ArrayBuffer>;
  /** Major and minor of each entry. */
  readonly #devices: Uint32Array<ArrayBuffer>;
  #mixedDevices = false;
  #targets = new Uint8Array(2 * TARGET_ROOM);
  #targetsLength = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#stats = new Uint32Array(capacity * RECORD_WORDS);
    this.#devices = new Uint32Array(capacity * 2);
  }

  get full(): boolean {
    return this.count >= this.#capacity;
  }

  /** Adds an entry; there must be room. The name ends with a zero byte. */
  add(record: StatxRecord, depth: number, bytes: Uint8Array, nameOffset: number): void {
    const { words } = record;
    packRecord(record, this.#stats, this.count * RECORD_WORDS);
    this.#addDevice(words[STATX_WORD.devMajor]!, words[STATX_WORD.devMinor]!);
    this.count++;
    this.#addName(depth, bytes, nameOffset);
  }

  /** Where a symbolic link's target may be written before `keepTarget`. */
  targetRoom(): Uint8Array {
    if (this.#targets.length - this.#targetsLength < TARGET_ROOM) this.#targets = enlarge(this.#targets);
    return this.#targets.subarray(this.#targetsLength + TARGET_HEADER, this.#targetsLength + TARGET_ROOM);
  }

  /** The first `length` bytes of the room are the target of the link that was added. */
  keepTarget(length: number): void {
    const targets = this.#targets;
    const at = this.#targetsLength;
    targets[at] = length & 0xff;
    targets[at + 1] = (length >> 8) & 0xff;
    targets[at + 2] = targets[at + 3] = 0;
    this.#targetsLength = at + TARGET_HEADER + length;
  }

  /** The entry that was added last takes part only when something below it does. */
  markDeferred(): void {
    this.#stats[(this.count - 1) * RECORD_WORDS]! |= RECORD_FLAG_DEFERRED;
  }

  /** The block of what was added since the last one, in memory of its own; undefined when there is none. */
  finish(): EntryBlock | undefined {
    const { count } = this;
    if (count === 0) return undefined;
    const devices = this.#devices;
    const block: EntryBlock = {
      count,
      names: this.#names.slice(0, this.#namesLength),
      stats: new Uint8Array(this.#stats.slice(0, count * RECORD_WORDS).buffer),
      targets: this.#targets.slice(0, this.#targetsLength),
      device: makeDevice(devices[0]!, devices[1]!),
      ...(this.#mixedDevices ? { devices: this.#listDevices() } : {}),
    };
    this.reset();
    return block;
  }

  /** Forgets what was added and not finished. */
  reset(): void {
    // `packRecord` leaves fields alone that a kind does not have.
    this.#stats.fill(0, 0, this.count * RECORD_WORDS);
    this.count = 0;
    this.#namesLength = 0;
    this.#targetsLength = 0;
    this.#mixedDevices = false;
  }

  #addDevice(major: number, minor: number): void {
    const devices = this.#devices;
    devices[this.count * 2] = major;
    devices[this.count * 2 + 1] = minor;
    if (major !== devices[0] || minor !== devices[1]) this.#mixedDevices = true;
  }

  #addName(depth: number, bytes: Uint8Array, nameOffset: number): void {
    if (this.#names.length - this.#namesLength < NAME_ROOM) this.#names = enlarge(this.#names);
    const names = this.#names;
    const start = this.#namesLength + 4;
    let end = start;
    let from = nameOffset;
    for (let byte = bytes[from]!; byte !== 0; byte = bytes[++from]!) names[end++] = byte;
    const length = end - start;
    names[start - 4] = depth & 0xff;
    names[start - 3] = depth >> 8;
    names[start - 2] = length & 0xff;
    names[start - 1] = length >> 8;
    this.#namesLength = end;
  }

  #listDevices(): BigUint64Array {
    return BigUint64Array.from({ length: this.count }, (_, index) =>
      makeDevice(this.#devices[index * 2]!, this.#devices[index * 2 + 1]!),
    );
  }
}

/** The buffers of a block, to be moved to another thread. */
export function buffersOf(block: EntryBlock): ArrayBuffer[] {
  const columns = [block.names, block.stats, block.targets, ...(block.devices === undefined ? [] : [block.devices])];
  return columns.map((column) => column.buffer as ArrayBuffer);
}

function enlarge(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
