import { NativeBuffer } from './native-buffer.ts';

/** Size of struct statx (statx(2), linux/stat.h); the words below are its 32-bit words, little-endian. */
const STATX_BYTES = 256;

/** Indexes into `StatxRecord.words`, for code that copies fields without making bigints. 64-bit fields: low word here, high word next. */
export const STATX_WORD = {
  mask: 0,
  blockSize: 1,
  attributes: 2,
  nlink: 4,
  uid: 5,
  gid: 6,
  mode: 7,
  ino: 8,
  size: 10,
  blocks: 12,
  attributesMask: 14,
  atimeSeconds: 16,
  atimeNanoseconds: 18,
  btimeSeconds: 20,
  btimeNanoseconds: 22,
  ctimeSeconds: 24,
  ctimeNanoseconds: 26,
  mtimeSeconds: 28,
  mtimeNanoseconds: 30,
  rdevMajor: 32,
  rdevMinor: 33,
  devMajor: 34,
  devMinor: 35,
  mountId: 36,
} as const;

const TWO_32 = 0x1_0000_0000;

/**
 * What one statx call found. Made once and filled again and again; every getter reads the bytes of the last call.
 * Sizes are exact up to 2^53. Fields that `mask` does not name hold zero.
 */
export class StatxRecord {
  readonly memory = new NativeBuffer(STATX_BYTES);
  readonly address = this.memory.address;
  readonly words = new Uint32Array(this.memory.bytes.buffer);
  readonly #signed = new Int32Array(this.memory.bytes.buffer);

  #word(index: number): number {
    return this.words[index]!;
  }

  #bigint(index: number): bigint {
    return (BigInt(this.words[index + 1]!) << 32n) | BigInt(this.words[index]!);
  }

  #device(major: number): bigint {
    return makeDevice(this.words[major]!, this.words[major + 1]!);
  }

  #nanoseconds(index: number): bigint {
    return BigInt(this.#signed[index + 1]! * TWO_32 + this.words[index]!) * 1_000_000_000n + BigInt(this.words[index + 2]!);
  }

  /** STATX_* bits of the fields that the file system filled. */
  get mask(): number {
    return this.#word(STATX_WORD.mask);
  }
  /** File type and permission bits, as in inode(7). */
  get mode(): number {
    return this.#word(STATX_WORD.mode) & 0xffff;
  }
  get uid(): number {
    return this.#word(STATX_WORD.uid);
  }
  get gid(): number {
    return this.#word(STATX_WORD.gid);
  }
  get nlink(): number {
    return this.#word(STATX_WORD.nlink);
  }
  /** Bytes. */
  get size(): number {
    return this.#word(STATX_WORD.size + 1) * TWO_32 + this.#word(STATX_WORD.size);
  }
  /** Bytes allocated: less than `size` for a sparse or compressed file. */
  get allocatedBytes(): number {
    return (this.#word(STATX_WORD.blocks + 1) * TWO_32 + this.#word(STATX_WORD.blocks)) * 512;
  }
  get ino(): bigint {
    return this.#bigint(STATX_WORD.ino);
  }
  /** The device that holds the file, as dev_t (see `makeDevice`). */
  get dev(): bigint {
    return this.#device(STATX_WORD.devMajor);
  }
  /** The device that a device file stands for, as dev_t. */
  get rdev(): bigint {
    return this.#device(STATX_WORD.rdevMajor);
  }
  get atimeNs(): bigint {
    return this.#nanoseconds(STATX_WORD.atimeSeconds);
  }
  get mtimeNs(): bigint {
    return this.#nanoseconds(STATX_WORD.mtimeSeconds);
  }
  get ctimeNs(): bigint {
    return this.#nanoseconds(STATX_WORD.ctimeSeconds);
  }
  /** Undefined where the file system does not keep it. */
  get birthtimeNs(): bigint | undefined {
    return (this.mask & STATX_BTIME) === 0 ? undefined : this.#nanoseconds(STATX_WORD.btimeSeconds);
  }
  /** Whole seconds since 1970, negative before; with `mtimeNanoseconds` the exact time, without bigints. */
  get mtimeSeconds(): number {
    return this.#signed[STATX_WORD.mtimeSeconds + 1]! * TWO_32 + this.#word(STATX_WORD.mtimeSeconds);
  }
  get mtimeNanoseconds(): number {
    return this.#word(STATX_WORD.mtimeNanoseconds);
  }
  get ctimeSeconds(): number {
    return this.#signed[STATX_WORD.ctimeSeconds + 1]! * TWO_32 + this.#word(STATX_WORD.ctimeSeconds);
  }
  get ctimeNanoseconds(): number {
    return this.#word(STATX_WORD.ctimeNanoseconds);
  }
  /** STATX_ATTR_* bits; only those in `attributesMask` mean anything on this file system. */
  get attributes(): number {
    return this.#word(STATX_WORD.attributes);
  }
  get attributesMask(): number {
    return this.#word(STATX_WORD.attributesMask);
  }
}

/** `mask` bit of the birth time. */
export const STATX_BTIME = 0x800;

/** dev_t of a major and a minor number, as makedev(3) of glibc and musl and as Node's `rdev`. */
export function makeDevice(major: number, minor: number): bigint {
  const low = (((major & 0xfff) << 8) | (minor & 0xff)) >>> 0;
  const highMajor = BigInt(major & 0xfffff000) & 0xffffffffn;
  const highMinor = BigInt(minor & 0xffffff00) & 0xffffffffn;
  return (highMajor << 32n) | (highMinor << 12n) | BigInt(low);
}

/** major(3) */
export function deviceMajor(device: bigint): number {
  return Number(((device >> 32n) & 0xfffff000n) | ((device >> 8n) & 0xfffn));
}

/** minor(3) */
export function deviceMinor(device: bigint): number {
  return Number(((device >> 12n) & 0xffffff00n) | (device & 0xffn));
}
