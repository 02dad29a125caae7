import { describeBytes, untilZero } from '../syscalls/c-string.ts';
import { ERRNO, SystemCallError } from '../syscalls/errno.ts';
import { readFileSystemStatus } from '../syscalls/statfs.ts';
import { XATTR_MAX_BYTES } from '../syscalls/xattr.ts';
import { readXattrs, removeXattr, writeXattr } from '../syscalls/xattr-set.ts';
import type { Xattr, XattrOwner } from '../syscalls/xattr-set.ts';

/**
 * Errors of setxattr(2) and removexattr(2) that mean: not here, not by us, or not so large. ENOSPC is what ext4 and XFS answer to an attribute
 * that does not fit beside the others of its entry; but also what a full disk answers.
 */
const REFUSALS = new Set([
  ERRNO.ENOTSUP,
  ERRNO.EPERM,
  ERRNO.EACCES,
  ERRNO.ENOSPC,
  ERRNO.ERANGE,
  ERRNO.E2BIG,
  ERRNO.EINVAL,
  ERRNO.ENODATA,
]);

/** Where so many bytes are free, the disk is not why an attribute does not fit. */
const ROOM_FOR_ATTRIBUTES = 2 * XATTR_MAX_BYTES;

/** Labels that a security module gives every file by itself, and that stay although a source has none. */
const OWN_LABELS = new Set(['security.selinux', 'security.SMACK64', 'security.apparmor', 'security.ima', 'security.evm']);

/**
 * Makes the extended attributes of an entry exactly `wanted`: missing and different ones are written, others removed.
 * Names of what could not be done are added to `notKept` as `xattr:NAME`. @throws SystemCallError
 */
export function replaceXattrs(target: XattrOwner, wanted: readonly Xattr[], notKept: string[]): void {
  const present = readXattrs(target);
  for (const { name } of present) {
    if (wanted.some((each) => each.name.equals(name))) continue;
    if (!attempt(target, () => removeXattr(target, name)) && !OWN_LABELS.has(textOf(name))) notKept.push(`xattr:${textOf(name)}`);
  }
  for (const attribute of wanted) {
    const same = present.find((each) => each.name.equals(attribute.name))?.value.equals(attribute.value);
    if (same !== true && !attempt(target, () => writeXattr(target, attribute))) notKept.push(`xattr:${textOf(attribute.name)}`);
  }
}

function attempt({ fd }: XattrOwner, change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (!(error instanceof SystemCallError) || !REFUSALS.has(error.errno)) throw error;
    if (error.errno === ERRNO.ENOSPC && readFileSystemStatus(fd).availableBytes < ROOM_FOR_ATTRIBUTES) throw error;
    return false;
  }
}

function textOf(name: Buffer): string {
  return describeBytes(untilZero(name));
}
