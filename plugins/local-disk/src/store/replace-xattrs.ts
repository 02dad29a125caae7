import { describeBytes, untilZero } from '../syscalls/c-string.ts';
import { ERRNO, SystemCallError } from '../syscalls/errno.ts';
import { readXattrs, removeXattr, writeXattr } from '../syscalls/xattr-set.ts';
import type { Xattr, XattrOwner } from '../syscalls/xattr-set.ts';

/** Errors of setxattr(2) and removexattr(2) that mean: not here, not by us, or not so large. */
const REFUSALS = new Set([
  ERRNO.ENOTSUP,
  ERRNO.EPERM,
  ERRNO.EACCES,
  ERRNO.ENOSPC,
  ERRNO.EDQUOT,
  ERRNO.ERANGE,
  ERRNO.E2BIG,
  ERRNO.EINVAL,
  ERRNO.ENODATA,
]);

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
    if (!attempt(() => removeXattr(target, name)) && !OWN_LABELS.has(textOf(name))) notKept.push(`xattr:${textOf(name)}`);
  }
  for (const attribute of wanted) {
    const same = present.find((each) => each.name.equals(attribute.name))?.value.equals(attribute.value);
    if (same !== true && !attempt(() => writeXattr(target, attribute))) notKept.push(`xattr:${textOf(attribute.name)}`);
  }
}

function attempt(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (error instanceof SystemCallError && REFUSALS.has(error.errno)) return false;
    throw error;
  }
}

function textOf(name: Buffer): string {
  return describeBytes(untilZero(name));
}
