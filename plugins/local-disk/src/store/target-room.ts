import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { flistxattr, XATTR_MAX_BYTES } from '../syscalls/xattr.ts';
import { readKeepableFlags, unlock } from './inode-flags.ts';
import { scratch } from './scratch.ts';

/** What a directory does to entries that are made in it. */
export interface TargetRoom {
  readonly dev: bigint;
  /** It gives them nothing of its own: no group, ACL, label or flag. Then what a new entry has is known without asking. */
  readonly plain: boolean;
}

const SETGID = 0o2000;
/** Attributes of a directory that entries made in it inherit in some form: default ACLs, labels of security modules. */
const INHERITED = /^(system\.posix_acl_default|system\.nfs4_acl|system\.richacl|security\.)/;
const list = new NativeBuffer(XATTR_MAX_BYTES);

/** Looks at an open directory, and unlocks it where it is immutable or append-only: its flags come back when it is settled. @throws SystemCallError */
export function describeRoom(fd: number): TargetRoom {
  const stat = scratch.other;
  if (statxFd(fd, STATX_ALL, stat) < 0) throw new SystemCallError('statx', errno());
  const { dev, mode } = stat;
  const flags = readKeepableFlags(fd);
  if (flags !== 0) unlock(fd);
  return { dev, plain: (mode & SETGID) === 0 && flags === 0 && !handsDownAttributes(fd) };
}

function handsDownAttributes(fd: number): boolean {
  const length = flistxattr(fd, list.address, XATTR_MAX_BYTES);
  if (length < 0) {
    if (errno() === ERRNO.ENOTSUP) return false;
    throw new SystemCallError('flistxattr', errno());
  }
  return (
    length > 0 &&
    list.bytes
      .toString('latin1', 0, length)
      .split('\0')
      .some((name) => INHERITED.test(name))
  );
}
