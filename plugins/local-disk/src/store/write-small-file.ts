import type { Digest } from '@holdfast/core/plugin';
import { LOCKING_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { writeFully } from '../syscalls/transfer.ts';
import { finishFile, hasNothing, initialMode, readExtras } from './finish-file.ts';
import { applyEarlyFlags } from './inode-flags.ts';
import { writeNewFile } from './new-file.ts';
import type { Place } from './place.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Stored } from './stored.ts';
import type { StoreOptions } from './store-options.ts';
import type { TargetRoom } from './target-room.ts';

/** Bytes that lie at the start of `scratch.piece`. */
export interface SmallContent {
  readonly size: number;
  readonly digest: Digest | undefined;
}

/** Makes a file of these bytes, with the metadata of the open source that `scratch.source` describes. */
export function writeSmallFile(
  sourceFd: number,
  target: Place,
  { size, digest }: SmallContent,
  options: StoreOptions,
  room: TargetRoom,
): Stored {
  const extras = readExtras(sourceFd, options.preserve);
  enter('destination', 'write');
  return writeNewFile(target, initialMode(options, room), (fd) => {
    applyEarlyFlags(fd, extras.flags);
    writeFully(fd, scratch.piece, size);
    const notKept = finishFile(fd, extras, options, room);
    const lateFlags = (extras.flags & LOCKING_INODE_FLAGS) === 0 ? undefined : extras.flags;
    const isBare = hasNothing(extras);
    return { method: 'read-write', digest, bytesRead: size, bytesWritten: size, notKept, isBare, lateFlags };
  });
}
