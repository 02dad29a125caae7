import { S_IFDIR, S_IFLNK, S_IFMT } from '../syscalls/create.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { AT_SYMLINK_NOFOLLOW } from '../syscalls/open-flags.ts';
import { fchmod, fchmodat, fchown, fchownat } from '../syscalls/ownership.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx, statxFd } from '../syscalls/stat.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';
import { futimens, utimensat } from '../syscalls/times.ts';
import type { Xattr, XattrOwner } from '../syscalls/xattr-set.ts';
import { replaceXattrs } from './replace-xattrs.ts';
import { scratch } from './scratch.ts';
import type { Preserve } from './store-options.ts';

const S_ISUID = 0o4000;
const S_ISGID = 0o2000;

/** What statx tells of an entry and can be set (a StatxRecord fits). A field that is undefined is left as it is. */
export interface WantedStat {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Bits above 0o7777 mean nothing. */
  readonly mode?: number | undefined;
  readonly atimeNs?: bigint | undefined;
  readonly mtimeNs?: bigint | undefined;
}

/** What an entry shall have besides its bytes. Its inode flags come after everything else: `applyFlags`. */
export interface EntryState {
  readonly stat: WantedStat;
  readonly xattrs: readonly Xattr[];
}

/**
 * Gives an entry owner, extended attributes, mode and times, in the order in which none undoes another: a change of owner
 * clears setuid bits and capabilities (chown(2)), an ACL changes the mode.
 *
 * @param target an open file or directory, or an entry by its name, which is never followed
 * @returns what could not be kept: `owner`, `mode`, `mtime`, `xattr:NAME`
 * @throws SystemCallError for what is no question of permission or support
 */
export function applyMetadata(target: XattrOwner, { stat, xattrs }: EntryState, preserve: Preserve): string[] {
  const notKept: string[] = [];
  readTarget(target, scratch.other);
  const isLink = (scratch.other.mode & S_IFMT) === S_IFLNK;
  if (preserve.owner && !applyOwner(target, stat)) notKept.push('owner');
  if (preserve.xattrs) replaceXattrs(target, xattrs, notKept);
  if (!isLink && !applyMode(target, safeMode(target, stat), stat.mode)) notKept.push('mode');
  if (!applyTimes(target, stat)) notKept.push('mtime');
  return notKept;
}

/** Fills `record` with what is at `target`. @throws SystemCallError */
export function readTarget({ fd, name }: XattrOwner, record: StatxRecord): void {
  const result =
    name === undefined ? statxFd(fd, STATX_ALL, record) : statx(fd, name, STATX_NO_FOLLOW, STATX_ALL, record.address);
  if (result < 0) throw new SystemCallError('statx', errno(), name);
}

/** `scratch.other` tells who owns it now. */
function applyOwner({ fd, name }: XattrOwner, wanted: WantedStat): boolean {
  const present = scratch.other;
  const { uid = present.uid, gid = present.gid } = wanted;
  if (present.uid === uid && present.gid === gid) return true;
  const result = name === undefined ? fchown(fd, uid, gid) : fchownat(fd, name, uid, gid, AT_SYMLINK_NOFOLLOW);
  return result === 0 || refused('fchown', [ERRNO.EPERM, ERRNO.EINVAL, ERRNO.ENOTSUP, ERRNO.ENOSYS, ERRNO.EOVERFLOW]);
}

/**
 * The mode without setuid where the owner is another than the wanted one, and without setgid where the group is: a program must not run
 * with the rights of whoever copied it. On directories these bits give no rights.
 */
function safeMode(target: XattrOwner, { uid, gid, mode }: WantedStat): number | undefined {
  if (mode === undefined || (mode & (S_ISUID | S_ISGID)) === 0) return mode;
  const present = scratch.other;
  readTarget(target, present);
  if ((present.mode & S_IFMT) === S_IFDIR) return mode;
  const foreignUser = uid !== undefined && uid !== present.uid ? S_ISUID : 0;
  const foreignGroup = gid !== undefined && gid !== present.gid ? S_ISGID : 0;
  return mode & ~(foreignUser | foreignGroup);
}

/** Whether the mode is `wanted` afterwards. */
function applyMode(target: XattrOwner, mode: number | undefined, wanted: number | undefined): boolean {
  if (mode === undefined || wanted === undefined) return true;
  const { fd, name } = target;
  const permissions = mode & 0o7777;
  const result = name === undefined ? fchmod(fd, permissions) : fchmodat(fd, name, permissions, AT_SYMLINK_NOFOLLOW);
  if (result < 0) return refused('fchmod', [ERRNO.EPERM, ERRNO.ENOTSUP, ERRNO.ENOSYS]);
  if ((wanted & (S_ISUID | S_ISGID)) === 0) return true;
  // The system drops setgid, without an error, for a group that this process is not in (chmod(2)).
  readTarget(target, scratch.other);
  return (scratch.other.mode & 0o7777) === (wanted & 0o7777);
}

function applyTimes({ fd, name }: XattrOwner, { atimeNs, mtimeNs }: WantedStat): boolean {
  if (atimeNs === undefined && mtimeNs === undefined) return true;
  const { address } = scratch.times.set(atimeNs, mtimeNs);
  const result = name === undefined ? futimens(fd, address) : utimensat(fd, name, address, AT_SYMLINK_NOFOLLOW);
  return result === 0 || refused('utimensat', [ERRNO.EPERM, ERRNO.ENOTSUP, ERRNO.ENOSYS]);
}

/** False where errno says that this cannot be kept here; other errors are thrown. */
function refused(syscall: string, reasons: readonly number[]): false {
  const failure = errno();
  if (!reasons.includes(failure)) throw new SystemCallError(syscall, failure);
  return false;
}
