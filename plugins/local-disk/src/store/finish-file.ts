import { errno, SystemCallError } from '../syscalls/errno.ts';
import { getInodeFlags, LOCKING_INODE_FLAGS, SETTABLE_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { futimens } from '../syscalls/times.ts';
import { readXattrs } from '../syscalls/xattr-set.ts';
import type { Xattr } from '../syscalls/xattr-set.ts';
import { applyMetadata } from './apply-metadata.ts';
import { applyFlags } from './inode-flags.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Preserve, StoreOptions } from './store-options.ts';
import type { TargetRoom } from './target-room.ts';

/** This process: who owns what it makes. */
const ownUid = process.geteuid?.() ?? -1;
const ownGid = process.getegid?.() ?? -1;
const SPECIAL_BITS = 0o7000;
const NOTHING: readonly never[] = [];

/** What a source file has besides its bytes and what statx tells (which is in `scratch.source`). */
export interface FileExtras {
  readonly xattrs: readonly Xattr[];
  /** Those that can be kept. */
  readonly flags: number;
}

/** Asks an open source file. @throws SystemCallError */
export function readExtras(fd: number, preserve: Preserve): FileExtras {
  const flags = getInodeFlags(fd);
  return { xattrs: preserve.xattrs ? readXattrs({ fd }) : NOTHING, flags: flags < 0 ? 0 : flags & SETTABLE_INODE_FLAGS };
}

/** Whether a source file has neither extended attributes nor inode flags. */
export function hasNothing({ xattrs, flags }: FileExtras): boolean {
  return xattrs.length === 0 && flags === 0;
}

/**
 * The mode to create a file with. The final one where the new file has the final owner from the start, so that nothing needs to be
 * changed later and nobody may read it before who may not read it then.
 */
export function initialMode({ preserve }: StoreOptions, room: TargetRoom): number {
  const { uid, gid, mode } = scratch.source;
  const ours = room.plain && (!preserve.owner || (uid === ownUid && gid === ownGid));
  return ours && (mode & SPECIAL_BITS) === 0 ? mode & 0o777 : 0o600;
}

/**
 * Gives a new file its metadata and fills `scratch.target`. Flags that lock it are left for after its publication.
 * @returns what could not be kept @throws SystemCallError
 */
export function finishFile(fd: number, extras: FileExtras, { preserve }: StoreOptions, room: TargetRoom): readonly string[] {
  enter('destination', 'set the metadata of');
  const { source, target, times } = scratch;
  if (room.plain && hasNothing(extras)) {
    const timesKept = futimens(fd, times.copyFrom(source).address) === 0;
    statTarget(fd);
    if (timesKept && target.mode === source.mode && (!preserve.owner || (target.uid === source.uid && target.gid === source.gid)))
      return NOTHING;
  }
  const notKept = applyMetadata({ fd }, { stat: source, xattrs: extras.xattrs }, preserve);
  const flagsNow = extras.flags & ~LOCKING_INODE_FLAGS;
  if ((flagsNow !== 0 || !room.plain) && !applyFlags(fd, flagsNow)) notKept.push('flags');
  statTarget(fd);
  return notKept;
}

function statTarget(fd: number): void {
  if (statxFd(fd, STATX_ALL, scratch.target) < 0) throw new SystemCallError('statx', errno());
}
