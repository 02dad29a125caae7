import { mknodat, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { toCString } from '../syscalls/c-string.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { readSymlink, symlinkat } from '../syscalls/link.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { readXattrs } from '../syscalls/xattr-set.ts';
import { applyMetadata, readTarget } from './apply-metadata.ts';
import { EntryFailure } from './entry-failure.ts';
import type { Place } from './place.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Expected, Stored } from './stored.ts';
import type { StoreOptions } from './store-options.ts';

/**
 * Makes a symbolic link, FIFO, socket or device at `target` like the one at `source`, with its metadata. Fills `scratch.target`.
 * @throws SystemCallError, EntryFailure
 */
export function storeSpecial(source: Place, target: Place, expected: Expected, { preserve }: StoreOptions): Stored {
  enter('source', 'read');
  const { source: stat, target: made } = scratch;
  check(statx(source.directoryFd, source.name, STATX_NO_FOLLOW, STATX_ALL, stat.address), 'statx', source.name);
  if (stat.ino !== expected.ino || stat.dev !== expected.dev)
    throw new EntryFailure('source-changed', 'something else took its place since the scan');
  const isLink = (stat.mode & S_IFMT) === S_IFLNK;
  const linkTarget = isLink ? readSymlink(source.directoryFd, source.name) : undefined;
  const xattrs = preserve.xattrs ? readXattrs({ fd: source.directoryFd, name: source.name }) : [];
  enter('destination', 'write');
  makeTemporary(target, (stat.mode & S_IFMT) | 0o600, stat.rdev, linkTarget);
  try {
    enter('destination', 'set the metadata of');
    const owner = { fd: target.directoryFd, name: target.name };
    const notKept = applyMetadata(owner, { stat, xattrs }, preserve);
    readTarget(owner, made);
    return { method: 'none', bytesRead: 0, bytesWritten: 0, notKept, isBare: xattrs.length === 0 };
  } catch (error) {
    unlinkat(target.directoryFd, target.name, 0);
    throw error;
  }
}

/** Makes a node under a temporary name; what an interrupted try left there is removed first. */
export function makeTemporary(place: Place, mode: number, device: bigint, linkTarget: Uint8Array | undefined): void {
  try {
    makeNode(place, mode, device, linkTarget);
  } catch (error) {
    const { directoryFd, name } = place;
    if (!(error instanceof SystemCallError) || error.errno !== ERRNO.EEXIST || unlinkat(directoryFd, name, 0) < 0) throw error;
    makeNode(place, mode, device, linkTarget);
  }
}

/**
 * Makes a symbolic link, FIFO, socket or device.
 * @param mode type and permissions (inode(7)), the latter reduced by the umask @param device dev_t, 0 for what is no device
 * @throws SystemCallError: EEXIST
 */
export function makeNode({ directoryFd, name }: Place, mode: number, device: bigint, linkTarget: Uint8Array | undefined): void {
  const type = mode & S_IFMT;
  if (type === S_IFREG || type === S_IFDIR)
    throw new EntryFailure('source-changed', 'it is another kind of entry than in the scan');
  const made =
    linkTarget === undefined ? mknodat(directoryFd, name, mode, device) : symlinkat(toCString(linkTarget), directoryFd, name);
  if (made < 0) throw new SystemCallError(linkTarget === undefined ? 'mknodat' : 'symlinkat', errno(), name);
}
