import type { SystemCallError } from '../syscalls/errno.ts';
import { ERRNO } from '../syscalls/errno.ts';
import type { PathSkip } from './scan-protocol.ts';

/** Whether the error says that what was listed is no longer there, or something else is in its place. */
export function hasVanished(errno: number): boolean {
  return errno === ERRNO.ENOENT || errno === ERRNO.ENOTDIR || errno === ERRNO.ELOOP || errno === ERRNO.ESTALE;
}

/** A directory whose entries are not known, or not all of them, because a call failed. */
export function skipDirectory(path: Uint8Array, { syscall, errno }: Pick<SystemCallError, 'syscall' | 'errno'>): PathSkip {
  return { path, note: { side: 'source', action: 'list', syscall, errno }, subtree: true };
}

/** A directory that was exchanged or removed between the time it was met and the time its entries were looked for. */
export function skipChanged(path: Uint8Array): PathSkip {
  const text = 'it was moved or removed while the tree was scanned';
  return { path, note: { side: 'source', action: 'list', code: 'source-changed', text }, subtree: true };
}

export function skipTooDeep(path: Uint8Array, maxDepth: number): PathSkip {
  const text = `what is in it lies more than ${maxDepth} directories deep`;
  return { path, note: { side: 'source', action: 'list', code: 'name-not-allowed', text }, subtree: true };
}

/** An entry that was listed but tells nothing about itself. Perhaps it is a directory, unless the listing said otherwise. */
export function skipEntry(path: Uint8Array, syscall: string, errno: number, mayBeDirectory: boolean): PathSkip {
  return { path, note: { side: 'source', action: 'look at', syscall, errno }, subtree: mayBeDirectory };
}
