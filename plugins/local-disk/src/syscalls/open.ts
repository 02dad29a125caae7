import { toCString } from './c-string.ts';
import { check, ERRNO, errno } from './errno.ts';
import { bindCall, bindSyscallNumber } from './libc.ts';
import type { Pointer } from './native-buffer.ts';
import { AT_FDCWD, O_CLOEXEC, O_NOATIME, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from './open-flags.ts';

/** open(2). Raw: a descriptor, or -1. `mode` is used only when a file is created and is reduced by the umask. */
export const openat = bindCall<(directoryFd: number, name: Pointer, flags: number, mode: number) => number>(
  'openat',
  'int openat(int, void*, int, unsigned int)',
);

/** openat2(2), Linux 5.6. Raw: a descriptor, or -1. `how` is a struct open_how of 24 bytes: flags, mode, resolve (64 bits each). */
export const openat2 = bindSyscallNumber<(directoryFd: number, name: Pointer, how: Buffer, howSize: number) => number>(
  'openat2',
  'int openat2(int, void*, void*, size_t)',
  437,
);

/** close(2). Raw: 0 or -1. Never repeat it after an error: Linux has released the descriptor all the same. */
export const close = bindCall<(fd: number) => number>('close', 'int close(int)');

/** dup(2) with close-on-exec: fcntl(F_DUPFD_CLOEXEC). Raw: a descriptor, or -1. */
const fcntl = bindCall<(fd: number, command: number, argument: number) => number>('dup', 'int fcntl(int, int, long)');
const F_DUPFD_CLOEXEC = 1030;

/** A second descriptor for the same open file. @throws SystemCallError */
export function duplicateFd(fd: number): number {
  return check(fcntl(fd, F_DUPFD_CLOEXEC, 0), 'dup');
}

/** @throws SystemCallError, where it may mean that written data was lost (EIO, ENOSPC, EDQUOT on network file systems) */
export function closeFd(fd: number): void {
  check(close(fd), 'close');
}

const READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

/**
 * Opens a file to copy it: never follows a link, never waits for a FIFO that took the file's place, leaves atime alone where permitted.
 * Raw: a descriptor, or -1.
 */
export function openForReading(directoryFd: number, name: Pointer): number {
  const fd = openat(directoryFd, name, READ_FLAGS | O_NOATIME, 0);
  if (fd >= 0) return fd;
  const failure = errno();
  if (failure === ERRNO.EPERM) return openat(directoryFd, name, READ_FLAGS, 0);
  // A lease (Samba, NFS server) answers EAGAIN to O_NONBLOCK; waiting lets its holder give way. A FIFO never answers so.
  if (failure === ERRNO.EAGAIN) return openat(directoryFd, name, READ_FLAGS & ~O_NONBLOCK, 0);
  return fd;
}

/** Opens a path that the user gave, absolute or from the working directory, following links. @throws SystemCallError */
export function openPath(path: string | Uint8Array, flags: number, mode = 0): number {
  return check(openat(AT_FDCWD, toCString(path), flags | O_CLOEXEC, mode), 'openat', path);
}
