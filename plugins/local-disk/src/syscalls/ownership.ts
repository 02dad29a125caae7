import { bindCall } from './libc.ts';
import type { Pointer } from './native-buffer.ts';

/*
 * Order matters: a change of owner clears the set-user-ID and set-group-ID bits and file capabilities (chown(2)),
 * so set the mode and security.capability after it.
 */

/** fchown(2). Raw: 0 or -1. An id of -1 (0xffffffff) stays as it is. */
export const fchown = bindCall<(fd: number, uid: number, gid: number) => number>(
  'fchown',
  'int fchown(int, unsigned int, unsigned int)',
);

/** fchownat(2). Raw: 0 or -1. Pass AT_SYMLINK_NOFOLLOW; with AT_EMPTY_PATH it takes an O_PATH descriptor. */
export const fchownat = bindCall<(directoryFd: number, name: Pointer, uid: number, gid: number, flags: number) => number>(
  'fchownat',
  'int fchownat(int, void*, unsigned int, unsigned int, int)',
);

/** fchmod(2). Raw: 0 or -1. */
export const fchmod = bindCall<(fd: number, mode: number) => number>('fchmod', 'int fchmod(int, unsigned int)');

/** fchmodat(2). Raw: 0 or -1. With AT_SYMLINK_NOFOLLOW a link answers ENOTSUP: Linux keeps no mode for links. */
export const fchmodat = bindCall<(directoryFd: number, name: Pointer, mode: number, flags: number) => number>(
  'fchmodat',
  'int fchmodat(int, void*, unsigned int, int)',
);

/** umask(2), of the whole process with all its threads. Returns the old one. */
export const umask = bindCall<(mask: number) => number>('umask', 'unsigned int umask(unsigned int)');
