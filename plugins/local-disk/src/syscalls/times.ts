import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';
import { NativeBuffer } from './native-buffer.ts';
import { STATX_WORD } from './statx-record.ts';
import type { StatxRecord } from './statx-record.ts';

/** utimensat(2). Raw: 0 or -1. `times`: the address of {@link Times}. Flags: AT_SYMLINK_NOFOLLOW. */
export const utimensat = bindCall<(directoryFd: number, name: Pointer, times: Pointer, flags: number) => number>(
  'utimensat',
  'int utimensat(int, void*, void*, int)',
);

/** futimens(3). Raw: 0 or -1. */
export const futimens = bindCall<(fd: number, times: Pointer) => number>('futimens', 'int futimens(int, void*)');

/** In the nanoseconds field: leave this time as it is. */
const UTIME_OMIT = 0x3ffffffe;
const BILLION = 1_000_000_000n;

/** Two struct timespec: access time, then modification time. Made once and filled for every call. */
export class Times {
  readonly #memory = new NativeBuffer(32);
  readonly #longs = new BigInt64Array(this.#memory.bytes.buffer);
  readonly #words = new Uint32Array(this.#memory.bytes.buffer);
  readonly address = this.#memory.address;

  /** Nanoseconds since 1970; undefined leaves that time as it is. */
  set(atimeNs: bigint | undefined, mtimeNs: bigint | undefined): this {
    this.#set(0, atimeNs);
    this.#set(2, mtimeNs);
    return this;
  }

  /** Takes both times from what statx found, without bigints. */
  copyFrom({ words }: StatxRecord): this {
    const target = this.#words;
    target[0] = words[STATX_WORD.atimeSeconds]!;
    target[1] = words[STATX_WORD.atimeSeconds + 1]!;
    target[2] = words[STATX_WORD.atimeNanoseconds]!;
    target[3] = 0;
    target[4] = words[STATX_WORD.mtimeSeconds]!;
    target[5] = words[STATX_WORD.mtimeSeconds + 1]!;
    target[6] = words[STATX_WORD.mtimeNanoseconds]!;
    target[7] = 0;
    return this;
  }

  #set(index: number, timeNs: bigint | undefined): void {
    // The kernel wants nanoseconds from 0 up, also for times before 1970.
    const nanoseconds = timeNs === undefined ? BigInt(UTIME_OMIT) : ((timeNs % BILLION) + BILLION) % BILLION;
    this.#longs[index] = timeNs === undefined ? 0n : (timeNs - nanoseconds) / BILLION;
    this.#longs[index + 1] = nanoseconds;
  }
}
