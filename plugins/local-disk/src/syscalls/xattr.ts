import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';

/*
 * Names are zero-terminated and include their namespace, as in "user.comment\0" (xattr(7)). A list is names in a row, each with its
 * zero byte. Sizes: -1 with ERANGE when the buffer is too small; size 0 asks for the size needed. The kernel allocates and clears as
 * many bytes as it is offered, so offering 64 KiB costs 800 ns more than offering 1 KiB: start small.
 */

/** fgetxattr(2). Raw: bytes, or -1 (ENODATA: no such attribute). */
export const fgetxattr = bindCall<(fd: number, name: Pointer, value: Pointer, size: number) => number>(
  'fgetxattr',
  'intptr_t fgetxattr(int, void*, void*, size_t)',
);

/** flistxattr(2). Raw: bytes, or -1. */
export const flistxattr = bindCall<(fd: number, list: Pointer, size: number) => number>(
  'flistxattr',
  'intptr_t flistxattr(int, void*, size_t)',
);

/** fsetxattr(2). Raw: 0 or -1. Flags: 0, XATTR_CREATE or XATTR_REPLACE. */
export const fsetxattr = bindCall<(fd: number, name: Pointer, value: Pointer, size: number, flags: number) => number>(
  'fsetxattr',
  'int fsetxattr(int, void*, void*, size_t, int)',
);

/** fremovexattr(2). Raw: 0 or -1 (ENODATA: no such attribute). */
export const fremovexattr = bindCall<(fd: number, name: Pointer) => number>('fremovexattr', 'int fremovexattr(int, void*)');

/** lgetxattr(2): of a link itself. Raw: bytes, or -1. */
export const lgetxattr = bindCall<(path: Pointer, name: Pointer, value: Pointer, size: number) => number>(
  'lgetxattr',
  'intptr_t lgetxattr(void*, void*, void*, size_t)',
);

/** llistxattr(2): of a link itself. Raw: bytes, or -1. */
export const llistxattr = bindCall<(path: Pointer, list: Pointer, size: number) => number>(
  'llistxattr',
  'intptr_t llistxattr(void*, void*, size_t)',
);

/** lsetxattr(2): of a link itself. Raw: 0 or -1. */
export const lsetxattr = bindCall<(path: Pointer, name: Pointer, value: Pointer, size: number, flags: number) => number>(
  'lsetxattr',
  'int lsetxattr(void*, void*, void*, size_t, int)',
);

/** lremovexattr(2): of a link itself. Raw: 0 or -1. */
export const lremovexattr = bindCall<(path: Pointer, name: Pointer) => number>('lremovexattr', 'int lremovexattr(void*, void*)');

/** Fails with EEXIST when the attribute exists. */
export const XATTR_CREATE = 1;
/** Fails with ENODATA when it does not. */
export const XATTR_REPLACE = 2;
/** Largest value, and largest list, that Linux hands out (xattr(7)); a longer list fails with E2BIG. */
export const XATTR_MAX_BYTES = 65_536;
