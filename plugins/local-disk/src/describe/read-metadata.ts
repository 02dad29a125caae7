import { withEntry } from '../store/open-entry.ts';
import type { Place } from '../store/place.ts';
import { getInodeFlags, SETTABLE_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { readXattrs } from '../syscalls/xattr-set.ts';
import type { RawMetadata } from './raw-metadata.ts';

const record = new StatxRecord();

/** Everything of an entry that a faithful copy keeps: of the entry itself, never of what a link points to. @throws SystemCallError */
export function readMetadata(place: Place): RawMetadata {
  return withEntry(place, record, (owner, isOpen) => {
    const { mtimeNs, atimeNs, birthtimeNs, mode, uid, gid } = record;
    return {
      mtimeNs,
      atimeNs,
      ...(birthtimeNs === undefined ? {} : { birthtimeNs }),
      mode: mode & 0o7777,
      uid,
      gid,
      xattrs: readXattrs(owner),
      ...(isOpen ? readFlags(owner.fd) : {}),
    };
  });
}

/** Those flags that a copy could have too; nothing where the file system has no flags. */
function readFlags(fd: number): { flags?: number } {
  const flags = getInodeFlags(fd);
  return flags < 0 ? {} : { flags: flags & SETTABLE_INODE_FLAGS };
}
