import { LOCKING_INODE_FLAGS } from '../syscalls/inode-flags.ts';
import { writeFully } from '../syscalls/transfer.ts';
import { finishFile, initialMode, readExtras } from './finish-file.ts';
import { applyEarlyFlags } from './inode-flags.ts';
import { writeNewFile } from './new-file.ts';
import type { Place } from './place.ts';
import { scratch } from './scratch.ts';
import { enter } from './step.ts';
import type { Stored } from './stored.ts';
import type { StoreOptions } from './store-options.ts';
import type { TargetRoom } from './target-room.ts';

/** Makes a file of the first `size` bytes of `scratch.piece`, with the metadata of the open source that `scratch.source` describes. */
export function writeSmallFile(sourceFd: number, target: Place, size: number, options: StoreOptions, room: TargetRoom): Stored {
  const extras = readExtras(sourceFd, options.preserve);
  enter('destination', 'write');
  return writeNewFile(target, initialMode(options, room), (fd) => {
    applyEarlyFlags(fd, extras.flags);
    writeFully(fd, scratch.piece, size);
    const notKept = finishFile(fd, extras, options, room);
    const lateFlags = extras.flags & LOCKING_INODE_FLAGS;
    return {
      method: 'read-write',
      bytesRead: size,
      bytesWritten: size,
      notKept,
      hasXattrs: extras.xattrs.length > 0,
      ...(lateFlags === 0 ? {} : { lateFlags: extras.flags }),
    };
  });
}
