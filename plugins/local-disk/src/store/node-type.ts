import type { EntryKind } from '@holdfast/core/plugin';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_IFSOCK } from '../syscalls/create.ts';
import { makeDevice } from '../syscalls/statx-record.ts';

const types: Readonly<Record<EntryKind, number>> = {
  'file': S_IFREG,
  'image': S_IFREG,
  'directory': S_IFDIR,
  'symlink': S_IFLNK,
  'fifo': S_IFIFO,
  'socket': S_IFSOCK,
  'char-device': S_IFCHR,
  'block-device': S_IFBLK,
};

/** S_IFMT bits of a kind (inode(7)). */
export function typeOfKind(kind: EntryKind): number {
  return types[kind];
}

/** dev_t of an entry's `device`. */
export function fromCoreDevice(device: bigint): bigint {
  return makeDevice(Number(device >> 32n), Number(device & 0xffffffffn));
}
