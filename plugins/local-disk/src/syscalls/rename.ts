import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';

/** Fails with EEXIST when the new name is taken. Some file systems (NFS, older FUSE) answer EINVAL. */
export const RENAME_NOREPLACE = 1;
/** Swaps the two names; both must exist. */
export const RENAME_EXCHANGE = 2;

/**
 * renameat2(2). Raw: 0 or -1. Flags 0 replaces what has the new name. Does nothing, with success, when both names are links to
 * one file.
 */
export const renameat2 = bindCall<(oldFd: number, oldName: Pointer, newFd: number, newName: Pointer, flags: number) => number>(
  'renameat2',
  'int renameat2(int, void*, int, void*, unsigned int)',
  { x64: 316, arm64: 276 },
);
