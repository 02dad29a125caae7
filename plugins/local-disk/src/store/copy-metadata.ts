import { S_IFMT } from '../syscalls/create.ts';
import { LOCKING_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { readXattrs } from '../syscalls/xattr-set.ts';
import type { Xattr } from '../syscalls/xattr-set.ts';
import { applyMetadata, readTarget } from './apply-metadata.ts';
import type { WantedStat } from './apply-metadata.ts';
import { EntryFailure } from './entry-failure.ts';
import { applyFlags, readKeepableFlags, unlock } from './inode-flags.ts';
import { withEntry, withSource } from './open-entry.ts';
import type { Place } from './place.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Expected } from './stored.ts';
import type { Preserve } from './store-options.ts';

/** Metadata that is not in a statx record. */
interface Extras {
  readonly xattrs: readonly Xattr[];
  readonly flags: number;
}

/**
 * Gives what is at `target` the metadata of `source`: owner, mode, times, xattrs and flags, the flags last. Fills `scratch.target`.
 * @returns what could not be kept @throws SystemCallError, EntryFailure
 */
export function copyMetadata(source: Place, target: Place, expected: Expected, preserve: Preserve): readonly string[] {
  enter('source', 'read the metadata of');
  const extras = withSource(source, expected, scratch.source, (owner, isOpen) => readExtras(owner.fd, owner, isOpen));
  return putMetadata(target, scratch.source, extras, preserve, scratch.source.mode & S_IFMT);
}

/**
 * As `copyMetadata`, with metadata at hand. Without `xattrs` or `flags` those stay as they are.
 * @param type of the entry that it must be (S_IFMT bits); undefined: any
 */
export function putMetadata(
  target: Place,
  stat: WantedStat,
  extras: Partial<Extras>,
  preserve: Preserve,
  type?: number,
): readonly string[] {
  enter('destination', 'set the metadata of');
  return withEntry(target, scratch.target, (owner, isOpen) => {
    if (type !== undefined && (scratch.target.mode & S_IFMT) !== type)
      throw new EntryFailure('plan-changed', 'it is of another kind than planned');
    const { xattrs, flags } = extras;
    const present = isOpen ? readKeepableFlags(owner.fd) : 0;
    // Nothing can be set on a file that is locked.
    if ((present & LOCKING_INODE_FLAGS) !== 0) unlock(owner.fd);
    const notKept = applyMetadata(
      owner,
      { stat, xattrs: xattrs ?? [] },
      { owner: preserve.owner, xattrs: preserve.xattrs && xattrs !== undefined },
    );
    const wanted = flags ?? present;
    if (isOpen ? (present !== 0 || wanted !== 0) && !applyFlags(owner.fd, wanted) : wanted !== 0) notKept.push('flags');
    readTarget(owner, scratch.target);
    return notKept;
  });
}

/** Whether extended attributes and flags at both are the same; flags only where both file systems keep them. Fills `scratch.target`. */
export function compareMetadata(source: Place, target: Place, expected: Expected): boolean {
  enter('source', 'read the metadata of');
  const wanted = withSource(source, expected, scratch.source, (owner, isOpen) => readExtras(owner.fd, owner, isOpen));
  enter('destination', 'read the metadata of');
  const present = withEntry(target, scratch.target, (owner, isOpen) => readExtras(owner.fd, owner, isOpen));
  return wanted.flags === present.flags && sameXattrs(wanted.xattrs, present.xattrs);
}

function readExtras(fd: number, owner: { fd: number; name?: Uint8Array }, isOpen: boolean): Extras {
  return { xattrs: readXattrs(owner), flags: isOpen ? readKeepableFlags(fd) : 0 };
}

function sameXattrs(a: readonly Xattr[], b: readonly Xattr[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ name, value }) => b.find((each) => each.name.equals(name))?.value.equals(value) === true);
}
