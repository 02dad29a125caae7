import { encodeText, HoldfastError } from '@holdfast/core/plugin';
import type { Entry, EntryKind, SpecialCapability } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { makeNode } from '../store/store-special.ts';
import { S_IFBLK, S_IFCHR, S_IFIFO, S_IFLNK, S_IFSOCK } from '../syscalls/create.ts';
import { makeDevice } from '../syscalls/statx-record.ts';

const types: Readonly<Partial<Record<EntryKind, number>>> = {
  'fifo': S_IFIFO,
  'socket': S_IFSOCK,
  'char-device': S_IFCHR,
  'block-device': S_IFBLK,
  'symlink': S_IFLNK,
};

export function specialOf(root: DiskRoot): SpecialCapability {
  return {
    async create(key, entry, { signal }) {
      signal?.throwIfAborted();
      const type = types[entry.kind];
      if (type === undefined)
        throw new HoldfastError('unsupported', `"${key}" is a ${entry.kind}, which is no special file.`, { path: key });
      const target = entry.kind === 'symlink' ? encodeText(entry.target) : undefined;
      root.atNew(key, 'make', (place) =>
        makeNode(place, type | ((entry.metadata.mode ?? 0o600) & 0o7777), deviceOf(entry), target),
      );
    },
  };
}

function deviceOf(entry: Entry): bigint {
  return 'device' in entry ? makeDevice(Number(entry.device >> 32n), Number(entry.device & 0xffffffffn)) : 0n;
}
