import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';

/** File types in a mode, from inode(7). */
export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;

/** mkdirat(2). Raw: 0 or -1. The mode is reduced by the umask. */
export const mkdirat = bindCall<(directoryFd: number, name: Pointer, mode: number) => number>(
  'mkdirat',
  'int mkdirat(int, void*, unsigned int)',
);

/**
 * mknodat(2): a FIFO, socket, device or empty file. Raw: 0 or -1. The mode holds the type and is reduced by the umask; `device` is
 * a dev_t (`makeDevice`), 0 for the others.
 */
export const mknodat = bindCall<(directoryFd: number, name: Pointer, mode: number, device: number | bigint) => number>(
  'mknodat',
  'int mknodat(int, void*, unsigned int, uint64_t)',
);
