import { ERRNO, errno } from '../syscalls/errno.ts';
import type { Pointer } from '../syscalls/native-buffer.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOATIME, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from '../syscalls/open-flags.ts';
import { openat } from '../syscalls/open.ts';

const FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

/** Opens a directory to list it, never a link to one; leaves its atime alone where permitted. Raw: a descriptor, or -1. */
export function openListing(parentFd: number, name: Pointer): number {
  const fd = openat(parentFd, name, FLAGS | O_NOATIME, 0);
  return fd < 0 && errno() === ERRNO.EPERM ? openat(parentFd, name, FLAGS, 0) : fd;
}
