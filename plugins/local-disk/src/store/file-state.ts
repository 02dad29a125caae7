import { LOCKING_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';
import { readXattrs } from '../syscalls/xattr-set.ts';
import type { Xattr } from '../syscalls/xattr-set.ts';
import { applyMetadata } from './apply-metadata.ts';
import type { WantedStat } from './apply-metadata.ts';
import { applyFlags, readKeepableFlags } from './inode-flags.ts';

/** Metadata of a file, kept over other system calls. */
export interface FileState {
  readonly stat: WantedStat;
  readonly xattrs: readonly Xattr[];
  /** Without those that lock it. */
  readonly flags: number;
}

/** @throws SystemCallError */
export function readFileState(fd: number, { uid, gid, mode, atimeNs, mtimeNs }: StatxRecord): FileState {
  return {
    stat: { uid, gid, mode, atimeNs, mtimeNs },
    xattrs: readXattrs({ fd }),
    flags: readKeepableFlags(fd) & ~LOCKING_INODE_FLAGS,
  };
}

/** What cannot be kept is left out. @throws SystemCallError */
export function putFileState(fd: number, { stat, xattrs, flags }: FileState): void {
  applyMetadata({ fd }, { stat, xattrs }, { owner: true, xattrs: true });
  applyFlags(fd, flags);
}
