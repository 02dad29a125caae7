import { HoldfastError } from '@holdfast/core/plugin';
import type { RelPath } from '@holdfast/core/plugin';
import { copyData } from '../store/copy-data.ts';
import { readFileState } from '../store/file-state.ts';
import type { FileState } from '../store/file-state.ts';
import { withEntry } from '../store/open-entry.ts';
import { shareBlocks } from '../store/reflink.ts';
import { scratch } from '../store/scratch.ts';
import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { statFd } from '../syscalls/stat.ts';
import type { DiskRoot } from './disk-root.ts';
import type { StagedFile } from './staged-file.ts';

/**
 * Gives a staged file the bytes of the file at `from`: shared blocks where the file system can, else copied in the kernel.
 * @param check called between pieces; what it throws ends the copy @returns the metadata of the file at `from`
 */
export function fillFrom(root: DiskRoot, from: RelPath, staged: StagedFile, check: () => void): FileState {
  return root.atExisting(from, 'copy', (place) =>
    withEntry(place, scratch.source, ({ fd }, isOpen) => {
      const { source, target } = scratch;
      if (!isOpen || (source.mode & S_IFMT) !== S_IFREG)
        throw new HoldfastError('unsupported', `Cannot copy "${from}": it is no regular file.`, { path: from });
      const state = readFileState(fd, source);
      const { size, allocatedBytes } = source;
      statFd(staged.fd, target);
      if (!shareBlocks(fd, source.dev, staged.fd, target.dev)) {
        copyData({
          sourceFd: fd,
          targetFd: staged.fd,
          size,
          sparse: allocatedBytes < size,
          hasher: undefined,
          control: { check, moved: () => undefined },
        });
      }
      return state;
    }),
  );
}
