import { errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';
import { NativeBuffer } from './native-buffer.ts';
import type { Pointer } from './native-buffer.ts';

/** getdents64(2). Raw: bytes written, 0 at the end, or -1. */
const getdents64 = bindCall<(fd: number, buffer: Pointer, size: number) => number>(
  'getdents64',
  'intptr_t getdents64(int, void*, size_t)',
  { x64: 217, arm64: 61 },
);

/** `type` of an entry; UNKNOWN where the file system does not say: ask statx. Source: readdir(3). */
export const DT = {
  UNKNOWN: 0,
  FIFO: 1,
  CHAR_DEVICE: 2,
  DIRECTORY: 4,
  BLOCK_DEVICE: 6,
  FILE: 8,
  SYMLINK: 10,
  SOCKET: 12,
} as const;

/** struct linux_dirent64: ino, offset (64 bits each), record length (16), type (8), name with a zero byte, padded to 8 bytes. */
const LENGTH_AT = 16;
const TYPE_AT = 18;
const NAME_AT = 19;
const DOT = 0x2e;
const SMALLEST_READ = 32_768;

/**
 * Reads directories into one reused buffer and steps through their entries without allocating: `nameOffset` and `nameLength` point into
 * `bytes`, `nameAddress` can be passed to *at calls as it is (names end with a zero byte). `.` and `..` are left out.
 *
 *     reader.clear();
 *     while (reader.append(fd)) {}          // or next() between appends and clear(), for a bounded buffer
 *     while (reader.next()) statx(fd, reader.nameAddress, …);
 */
export class DirectoryReader {
  #memory: NativeBuffer;
  #length = 0;
  #next = 0;
  bytes: Buffer;
  /** Of the entry that `next` stepped to. */
  nameOffset = 0;
  nameLength = 0;
  /** One of {@link DT}. */
  type = 0;

  /** @param capacity bytes; grows when a directory is appended that needs more */
  constructor(capacity = 262_144) {
    this.#memory = new NativeBuffer(Math.max(capacity, SMALLEST_READ));
    this.bytes = this.#memory.bytes;
  }

  /** Address of the name; of other names in `bytes`: `addressOf(offset)`. Valid until the next `append`. */
  get nameAddress(): number {
    return this.#memory.address + this.nameOffset;
  }
  /** Bytes read and not cleared. */
  get length(): number {
    return this.#length;
  }
  /** Low and high half of the inode number, which at a mount point is that of the directory below the mount. */
  get inoLow(): number {
    return this.bytes.readUInt32LE(this.#entry);
  }
  get inoHigh(): number {
    return this.bytes.readUInt32LE(this.#entry + 4);
  }
  get #entry(): number {
    return this.nameOffset - NAME_AT;
  }

  addressOf(offset: number): number {
    return this.#memory.address + offset;
  }

  /** Forgets all entries; the buffer stays. */
  clear(): void {
    this.#length = 0;
    this.#next = 0;
  }

  /** Reads one more block of the directory; false at its end. Offsets stay valid, addresses do not. @throws SystemCallError */
  append(fd: number): boolean {
    if (this.bytes.length - this.#length < SMALLEST_READ) this.#grow();
    const count = getdents64(fd, this.addressOf(this.#length), this.bytes.length - this.#length);
    if (count < 0) throw new SystemCallError('getdents64', errno());
    this.#length += count;
    return count > 0;
  }

  /** Steps to the next entry; false when there is none in the buffer. */
  next(): boolean {
    const { bytes } = this;
    while (this.#next < this.#length) {
      const start = this.#next;
      const end = start + bytes[start + LENGTH_AT]! + (bytes[start + LENGTH_AT + 1]! << 8);
      this.#next = end;
      const name = start + NAME_AT;
      // The first zero byte is among the last 8 bytes of the record; what follows it there is not defined.
      let zero = Math.max(name, end - 8);
      while (bytes[zero] !== 0) zero++;
      const length = zero - name;
      if (length <= 2 && bytes[name] === DOT && (length === 1 || bytes[name + 1] === DOT)) continue;
      this.nameOffset = name;
      this.nameLength = length;
      this.type = bytes[start + TYPE_AT]!;
      return true;
    }
    return false;
  }

  #grow(): void {
    const larger = new NativeBuffer(this.bytes.length * 2);
    larger.bytes.set(this.bytes.subarray(0, this.#length));
    this.#memory = larger;
    this.bytes = larger.bytes;
  }
}
