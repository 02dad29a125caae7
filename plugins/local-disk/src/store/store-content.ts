import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { LOCKING_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { ftruncate } from '../syscalls/sparse.ts';
import { STATX_ALL, statxFd } from '../syscalls/stat.ts';
import { pwriteFully } from '../syscalls/transfer.ts';
import type { Xattr, XattrOwner } from '../syscalls/xattr-set.ts';
import type { EntryContent, GroupContents } from '../batch/batch-protocol.ts';
import { applyMetadata, readTarget } from './apply-metadata.ts';
import { digestOf } from './content-hasher.ts';
import { applyEarlyFlags, applyFlags } from './inode-flags.ts';
import { writeNewFile } from './new-file.ts';
import type { Place } from './place.ts';
import { PIECE_BYTES, scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Stored } from './stored.ts';
import type { StoreOptions } from './store-options.ts';
import { makeTemporary } from './store-special.ts';
import type { TargetRoom } from './target-room.ts';

/** Zeros of this length, at a multiple of it, become a hole. */
const HOLE_BYTES = 64 * 1024;
const zeros = Buffer.alloc(HOLE_BYTES);
/** This process: who owns what it makes. */
const ownUid = process.geteuid?.() ?? -1;
const ownGid = process.getegid?.() ?? -1;

/**
 * Makes entry `index` of a group that came with its contents, under a temporary name. Fills `scratch.target`; nothing is left of it when it
 * throws. @throws SystemCallError, EntryFailure
 */
export function storeContent(
  contents: GroupContents,
  index: number,
  place: Place,
  options: StoreOptions,
  room: TargetRoom,
): Stored {
  const content = contents.entries[index]!;
  // What is recorded of the times of a source is unknown here.
  scratch.source.words.fill(0);
  enter('destination', 'write');
  if ((content.type & S_IFMT) !== S_IFREG) return storeNode(content, place, options);
  const { memory } = contents;
  const bytes = Buffer.from(memory.buffer, memory.byteOffset + content.offset, content.length);
  return writeNewFile(place, firstMode(content, options, room), (fd) => {
    applyEarlyFlags(fd, content.flags ?? 0);
    writeSparsely(fd, bytes, options.control.check);
    const notKept = finish({ fd }, content, options, room);
    if (statxFd(fd, STATX_ALL, scratch.target) < 0) throw new SystemCallError('statx', errno());
    const digest = options.digest === undefined ? undefined : digestOf(bytes, options.digest);
    options.control.moved(bytes.length);
    return storedOf(content, bytes.length, notKept, digest);
  });
}

function storeNode(content: EntryContent, place: Place, options: StoreOptions): Stored {
  makeTemporary(place, content.type | 0o600, content.device ?? 0n, content.target);
  try {
    const owner = { fd: place.directoryFd, name: place.name };
    enter('destination', 'set the metadata of');
    const notKept = apply(owner, content, options);
    readTarget(owner, scratch.target);
    return { ...storedOf(content, 0, notKept, undefined), method: 'none' };
  } catch (error) {
    unlinkat(place.directoryFd, place.name, 0);
    throw error;
  }
}

function storedOf(
  { xattrs, flags = 0 }: EntryContent,
  size: number,
  notKept: readonly string[],
  digest: Stored['digest'],
): Stored {
  const isBare = xattrs !== undefined && xattrs.length === 0 && flags === 0;
  const lateFlags = (flags & LOCKING_INODE_FLAGS) === 0 ? {} : { lateFlags: flags };
  return { method: 'read-write', digest, bytesRead: size, bytesWritten: size, notKept, isBare, ...lateFlags };
}

/** The final mode where nobody may read it by that who may not later, and owner and mode need not be set then. */
function firstMode({ stat: { mode = 0o600, uid, gid } }: EntryContent, { preserve }: StoreOptions, room: TargetRoom): number {
  const isOurs = !preserve.owner || (uid === ownUid && gid === ownGid);
  return room.plain && isOurs && (mode & 0o7000) === 0 ? mode & 0o777 : 0o600;
}

function finish(owner: XattrOwner, content: EntryContent, options: StoreOptions, room: TargetRoom): string[] {
  enter('destination', 'set the metadata of');
  const notKept = apply(owner, content, options);
  const flags = (content.flags ?? 0) & ~LOCKING_INODE_FLAGS;
  if ((flags !== 0 || (!room.plain && content.flags !== undefined)) && !applyFlags(owner.fd, flags)) notKept.push('flags');
  return notKept;
}

function apply(owner: XattrOwner, { stat, xattrs }: EntryContent, { preserve }: StoreOptions): string[] {
  const wanted = (xattrs ?? []).map(([name, value]): Xattr => ({ name: Buffer.from(name), value: Buffer.from(value) }));
  return applyMetadata(
    owner,
    { stat, xattrs: wanted },
    { owner: preserve.owner, xattrs: preserve.xattrs && xattrs !== undefined },
  );
}

/** Writes bytes to an empty file, with holes where they are zeros. @throws SystemCallError */
function writeSparsely(fd: number, bytes: Buffer, checkAborted: () => void): void {
  let end = 0;
  for (let start = 0; start < bytes.length; ) {
    checkAborted();
    const length = isHole(bytes, start) ? 0 : dataLength(bytes, start);
    if (length === 0) {
      start += Math.min(HOLE_BYTES, bytes.length - start);
      continue;
    }
    bytes.copy(scratch.piece.bytes, 0, start, start + length);
    pwriteFully(fd, scratch.piece, length, start);
    start += length;
    end = start;
  }
  if (end < bytes.length) check(ftruncate(fd, bytes.length), 'ftruncate');
}

/** Up to the next hole, or as much as is written at once. */
function dataLength(bytes: Buffer, start: number): number {
  let end = start + HOLE_BYTES;
  while (end < bytes.length && end - start < PIECE_BYTES && !isHole(bytes, end)) end += HOLE_BYTES;
  return Math.min(end, bytes.length) - start;
}

function isHole(bytes: Buffer, start: number): boolean {
  if (bytes.length < HOLE_BYTES || bytes[start] !== 0) return false;
  const end = Math.min(start + HOLE_BYTES, bytes.length);
  return zeros.compare(bytes, start, end, 0, end - start) === 0;
}
