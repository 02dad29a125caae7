import { HoldfastError } from '@holdfast/core/plugin';
import type { ReadOptions, RelPath } from '@holdfast/core/plugin';
import { setImmediate } from 'node:timers/promises';
import { readTarget } from '../store/apply-metadata.ts';
import { scratch } from '../store/scratch.ts';
import { S_IFDIR, S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { check } from '../syscalls/errno.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { preadFully } from '../syscalls/transfer.ts';
import type { DiskRoot } from './disk-root.ts';

/** Bytes in one piece; each is new memory, which the reader may keep. */
const PIECE_BYTES = 256 * 1024;

/** The bytes of the file at `key`, or of a range of it. Rejects with `not-found`, `is-directory`, `link-escapes`. */
export async function* readObject(root: DiskRoot, key: RelPath, { range, signal }: ReadOptions): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const fd = root.atExisting(key, 'read', ({ directoryFd, name }) => openRegularFile(key, directoryFd, name));
  try {
    yield* readDescriptor(root, key, fd, {
      ...(range === undefined ? {} : { range }),
      ...(signal === undefined ? {} : { signal }),
    });
  } finally {
    close(fd);
  }
}

/** The bytes of an open file. `key` is for messages. */
export async function* readDescriptor(
  root: DiskRoot,
  key: RelPath,
  fd: number,
  { range, signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  let at = Number(range?.offset ?? 0n);
  let left = range === undefined ? Infinity : Number(range.length);
  while (left > 0) {
    // The system call holds this thread up: let others go on in between.
    await setImmediate();
    signal?.throwIfAborted();
    const memory = new NativeBuffer(Math.min(left, PIECE_BYTES));
    const count = root.explain(key, 'read', () => preadFully(fd, memory, memory.bytes.length, at));
    if (count > 0) yield memory.bytes.subarray(0, count);
    if (count < memory.bytes.length) return;
    at += count;
    left -= count;
  }
}

/** @throws SystemCallError, HoldfastError for what is no regular file: reading a FIFO or device would wait or act */
function openRegularFile(key: RelPath, directoryFd: number, name: Buffer): number {
  readTarget({ fd: directoryFd, name }, scratch.target);
  const type = scratch.target.mode & S_IFMT;
  if (type === S_IFDIR) throw new HoldfastError('is-directory', `Cannot read "${key}": it is a directory.`, { path: key });
  const fd = check(openForReading(directoryFd, name), 'openat', name);
  try {
    readTarget({ fd }, scratch.target);
    if ((scratch.target.mode & S_IFMT) === S_IFREG) return fd;
    throw new HoldfastError('unsupported', `Cannot read "${key}": it is no regular file.`, { path: key });
  } catch (error) {
    close(fd);
    throw error;
  }
}
