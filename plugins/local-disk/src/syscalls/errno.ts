import { constants } from 'node:os';
import { getSystemErrorMessage } from 'node:util';
import koffi from 'koffi';
import { describeBytes, untilZero } from './c-string.ts';

/** Linux errors that Node does not name (errno(3), asm-generic/errno.h); the numbers are the same on x64 and arm64. */
const EXTRA_ERRNO = {
  ENOTBLK: 15,
  EUCLEAN: 117,
  EREMOTEIO: 121,
  ENOMEDIUM: 123,
  EMEDIUMTYPE: 124,
  ENOKEY: 126,
  EKEYEXPIRED: 127,
  EKEYREVOKED: 128,
  EKEYREJECTED: 129,
  EHWPOISON: 133,
} as const;
const EXTRA_MESSAGES: Readonly<Record<string, string>> = {
  ENOTBLK: 'block device required',
  EUCLEAN: 'the file system is damaged',
  EREMOTEIO: 'remote I/O error',
  ENOMEDIUM: 'no medium found',
  EMEDIUMTYPE: 'wrong medium type',
  ENOKEY: 'required key not available',
  EKEYEXPIRED: 'key has expired',
  EKEYREVOKED: 'key has been revoked',
  EKEYREJECTED: 'key was rejected',
  EHWPOISON: 'memory page has a hardware error',
};

/** Numbers by name: `ERRNO.ENOENT`. Source: errno(3). */
export const ERRNO = { ...constants.errno, ...EXTRA_ERRNO };
export type ErrnoName = keyof typeof ERRNO;

const codesByErrno = new Map(Object.entries(ERRNO).map(([code, errno]) => [errno, code]));
// Two names share a number; these are the ones that people search for.
codesByErrno.set(ERRNO.EAGAIN, 'EAGAIN').set(ERRNO.ENOTSUP, 'ENOTSUP');

/** The error of the last failed call of this thread: a positive number. Reading it costs 30 ns, so only after a -1. */
export function errno(): number {
  return koffi.errno();
}

/** Sets errno as a failed call would, and returns its -1. */
export function failWith(number: number): -1 {
  koffi.errno(number);
  return -1;
}

/** `ENOENT` for 2; `E4095` for a number without a name. */
export function errnoCode(number: number): string {
  return codesByErrno.get(number) ?? `E${number}`;
}

/** A failed system call. Making one costs 4 us (the stack), so loops over many files look at -1 themselves. Its message is for logs; callers turn it into an error that says what to do. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly syscall: string;
  /** Positive, as in errno(3). */
  readonly errno: number;
  /** The name of `errno`, such as `ENOSPC`. */
  readonly code: string;
  /** For messages only: bytes that are not UTF-8 show as U+FFFD. */
  readonly path: string | undefined;

  constructor(syscall: string, number: number, path?: Uint8Array | string) {
    const shown = path === undefined || typeof path === 'string' ? path : describeBytes(untilZero(path));
    const code = errnoCode(number);
    super(
      `${syscall}${shown === undefined ? '' : ` ${JSON.stringify(shown)}`}: ${code} (${EXTRA_MESSAGES[code] ?? getSystemErrorMessage(-number)})`,
    );
    this.syscall = syscall;
    this.errno = number;
    this.code = code;
    this.path = shown;
  }
}

/**
 * Passes the result of a raw call through, or throws when it is -1: `const fd = check(openat(dir, name, flags, 0), 'openat', name)`.
 * @param path only for the message
 * @throws SystemCallError
 */
export function check(result: number, syscall: string, path?: Uint8Array | string): number {
  if (result < 0) throw new SystemCallError(syscall, koffi.errno(), path);
  return result;
}
