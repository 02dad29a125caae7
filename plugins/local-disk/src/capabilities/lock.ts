import { HoldfastError } from '@holdfast/core/plugin';
import type { LockCapability, RelPath } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import type { Place } from '../store/place.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { tryLockExclusive } from '../syscalls/lock.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { close, openat } from '../syscalls/open.ts';
import { O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } from '../syscalls/open-flags.ts';
import { ftruncate } from '../syscalls/sparse.ts';
import { preadFully, pwriteFully } from '../syscalls/transfer.ts';
import { STATX_BASIC_STATS, STATX_NO_FOLLOW, statFd, statx } from '../syscalls/stat.ts';
import { scratch } from '../store/scratch.ts';
import { unlinkat } from '../syscalls/remove.ts';

const LOCK_FILE = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
const NOTE_BYTES = 4_096;

/** Locks are flock(2) on a file at the key, which holds the note of who has it: the system frees them when the process ends. */
export function lockOf(root: DiskRoot): LockCapability {
  return {
    async acquire(key, note, { signal }) {
      signal?.throwIfAborted();
      const fd = root.atNew(key, 'lock', (place) => acquire(place, key, note));
      let held = true;
      return {
        async [Symbol.asyncDispose]() {
          if (!held) return;
          held = false;
          try {
            root.at(key, 'unlock', (place) => unlinkat(place.directoryFd, place.name, 0));
          } finally {
            close(fd);
          }
        },
      };
    },
  };
}

function acquire(place: Place, key: RelPath, note: string): number {
  for (;;) {
    const fd = check(openat(place.directoryFd, place.name, LOCK_FILE, 0o666), 'openat', place.name);
    try {
      if (!tryLockExclusive(fd)) throw locked(key, readNote(fd));
      // Its last holder may have removed the file between our opening it and locking it: then it locks nothing.
      if (isAt(place, fd)) {
        writeNote(fd, note);
        return fd;
      }
    } catch (error) {
      close(fd);
      throw error;
    }
    close(fd);
  }
}

function isAt({ directoryFd, name }: Place, fd: number): boolean {
  statFd(fd, scratch.target);
  const { ino } = scratch.target;
  if (statx(directoryFd, name, STATX_NO_FOLLOW, STATX_BASIC_STATS, scratch.target.address) === 0)
    return scratch.target.ino === ino;
  if (errno() === ERRNO.ENOENT) return false;
  throw new SystemCallError('statx', errno(), name);
}

function readNote(fd: number): string {
  const memory = new NativeBuffer(NOTE_BYTES);
  return memory.bytes.toString('utf8', 0, preadFully(fd, memory, NOTE_BYTES, 0)).trim();
}

function writeNote(fd: number, note: string): void {
  const bytes = Buffer.from(note).subarray(0, NOTE_BYTES);
  const memory = new NativeBuffer(Math.max(bytes.length, 1));
  memory.bytes.set(bytes);
  check(ftruncate(fd, 0), 'ftruncate');
  pwriteFully(fd, memory, bytes.length, 0);
}

function locked(key: RelPath, holder: string): HoldfastError {
  const who = holder === '' ? 'another process' : holder;
  return new HoldfastError('locked', `"${key}" is locked by ${who}.`, { path: key });
}
