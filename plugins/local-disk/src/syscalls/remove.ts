import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';

/** unlinkat(2). Raw: 0 or -1. AT_REMOVEDIR for an empty directory; else EISDIR for directories. Never follows a link. */
export const unlinkat = bindCall<(directoryFd: number, name: Pointer, flags: number) => number>(
  'unlinkat',
  'int unlinkat(int, void*, int)',
);
