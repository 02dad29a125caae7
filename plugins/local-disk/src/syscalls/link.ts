import { check } from './errno.ts';
import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';
import { AT_FDCWD, AT_SYMLINK_FOLLOW } from './open-flags.ts';

/**
 * linkat(2). Raw: 0 or -1; EEXIST when the new name is taken. Flags: 0 links a symbolic link itself; AT_EMPTY_PATH with an empty
 * old name links an open file (needs CAP_DAC_READ_SEARCH, or Linux 6.10 and the opener's credentials).
 */
export const linkat = bindCall<(oldFd: number, oldName: Pointer, newFd: number, newName: Pointer, flags: number) => number>(
  'linkat',
  'int linkat(int, void*, int, void*, int)',
);

/** symlinkat(2). Raw: 0 or -1. `target` is kept as given. */
export const symlinkat = bindCall<(target: Pointer, directoryFd: number, name: Pointer) => number>(
  'symlinkat',
  'int symlinkat(void*, int, void*)',
);

/** readlinkat(2). Raw: bytes written, without a zero byte, or -1. As many as `size` may mean that it was cut. */
export const readlinkat = bindCall<(directoryFd: number, name: Pointer, buffer: Pointer, size: number) => number>(
  'readlinkat',
  'intptr_t readlinkat(int, void*, void*, size_t)',
);

/** Gives a name to an open file, also to one made with O_TMPFILE; needs no privilege but /proc. Raw: 0 or -1. */
export function linkFd(fd: number, directoryFd: number, name: Pointer): number {
  return linkat(AT_FDCWD, Buffer.from(`/proc/self/fd/${fd}\0`), directoryFd, name, AT_SYMLINK_FOLLOW);
}

const SYMLINK_BYTES = 4096;

/** Where a symbolic link points, byte for byte. @throws SystemCallError: EINVAL when it is no link */
export function readSymlink(directoryFd: number, name: Uint8Array): Buffer {
  for (let size = SYMLINK_BYTES; ; size *= 2) {
    const target = Buffer.allocUnsafe(size);
    const length = check(readlinkat(directoryFd, name, target, size), 'readlinkat', name);
    if (length < size) return target.subarray(0, length);
  }
}
