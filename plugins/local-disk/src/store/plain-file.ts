import { RECORD_WORD } from '../scan/record-words.ts';
import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { ERRNO, errno } from '../syscalls/errno.ts';
import { getInodeFlags, SETTABLE_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { close, openat, openForReading } from '../syscalls/open.ts';
import type { Pointer } from '../syscalls/native-buffer.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { STATX_WORD } from '../syscalls/statx-record.ts';
import { futimens } from '../syscalls/times.ts';
import { read, write } from '../syscalls/transfer.ts';
import { flistxattr } from '../syscalls/xattr.ts';
import { initialMode } from './finish-file.ts';
import { NEW_FILE } from './new-file.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { SMALL_BYTES } from './store-file.ts';
import type { StoreOptions } from './store-options.ts';
import type { TargetRoom } from './target-room.ts';

/** Two open directories, and on which device the files of the first one were. */
export interface PlainCopy {
  readonly fromFd: number;
  readonly toFd: number;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  readonly options: StoreOptions;
  readonly room: TargetRoom;
}

/** It is not that plain, or something is in the way: `storeFile` knows what to do. Nothing has been made. */
export const NOT_PLAIN = -1;

/**
 * What `storeFile` does, for a small file as almost all are: unchanged since the scan, without holes, flags or extended attributes, whose owner
 * this process may be. The bytes are then in `scratch.piece`, and `scratch.source` and `scratch.target` filled.
 * @param expected records of the scan, as words; `at` is where that of this file begins
 * @returns its bytes, or NOT_PLAIN
 */
export function storePlainFile(copy: PlainCopy, name: Pointer, expected: Uint32Array, at: number): number {
  const fd = openForReading(copy.fromFd, name);
  if (fd < 0) return NOT_PLAIN;
  const size = readPlain(copy, fd, expected, at);
  close(fd);
  if (size === NOT_PLAIN) return NOT_PLAIN;
  const made = openat(copy.toFd, name, NEW_FILE, initialMode(copy.options, copy.room));
  if (made < 0) return NOT_PLAIN;
  const complete = fillPlain(made, size, copy.options);
  // Some file systems tell only when closing that the bytes did not fit (close(2)).
  if (close(made) === 0 && complete) return size;
  unlinkat(copy.toFd, name, 0);
  return NOT_PLAIN;
}

function readPlain(
  { deviceMajor, deviceMinor, options, room }: PlainCopy,
  fd: number,
  expected: Uint32Array,
  at: number,
): number {
  const { source, piece } = scratch;
  const count = read(fd, piece.address, PIECE_BYTES);
  if (count < 0 || count > SMALL_BYTES || statxFd(fd, STATX_ALL, source) < 0) return NOT_PLAIN;
  const { words } = source;
  const isExpected =
    (source.mode & S_IFMT) === S_IFREG &&
    words[STATX_WORD.size] === count &&
    words[STATX_WORD.size + 1] === 0 &&
    words[STATX_WORD.ino] === expected[at + RECORD_WORD.ino] &&
    words[STATX_WORD.ino + 1] === expected[at + RECORD_WORD.ino + 1] &&
    words[STATX_WORD.ctimeSeconds] === expected[at + RECORD_WORD.ctime] &&
    words[STATX_WORD.ctimeSeconds + 1] === expected[at + RECORD_WORD.ctime + 1] &&
    words[STATX_WORD.ctimeNanoseconds] === expected[at + RECORD_WORD.ctime + 2] &&
    words[STATX_WORD.devMajor] === deviceMajor &&
    words[STATX_WORD.devMinor] === deviceMinor;
  if (!isExpected || source.allocatedBytes < count || initialMode(options, room) !== (source.mode & 0o7777)) return NOT_PLAIN;
  const flags = getInodeFlags(fd);
  if (flags > 0 && (flags & SETTABLE_INODE_FLAGS) !== 0) return NOT_PLAIN;
  if (!options.preserve.xattrs) return count;
  const names = flistxattr(fd, null, 0);
  return names === 0 || (names < 0 && errno() === ERRNO.ENOTSUP) ? count : NOT_PLAIN;
}

function fillPlain(fd: number, size: number, { preserve }: StoreOptions): boolean {
  const { source, target, times, piece } = scratch;
  return (
    (size === 0 || write(fd, piece.address, size) === size) &&
    futimens(fd, times.copyFrom(source).address) === 0 &&
    statxFd(fd, STATX_ALL, target) === 0 &&
    target.mode === source.mode &&
    (!preserve.owner || (target.uid === source.uid && target.gid === source.gid))
  );
}
