import type { ObjectInfo, RelPath } from '@holdfast/core/plugin';
import { isHoldfastError } from '@holdfast/core/plugin';
import { readTarget } from '../store/apply-metadata.ts';
import { scratch } from '../store/scratch.ts';
import { ERRNO, SystemCallError } from '../syscalls/errno.ts';
import type { DiskRoot } from './disk-root.ts';
import { objectInfo } from './object-info.ts';

/** What is at `key`; undefined where nothing is, or where something that is no directory stands above it. */
export function statObject(root: DiskRoot, key: RelPath): ObjectInfo | undefined {
  try {
    return root.at(key, 'look at', ({ directoryFd, name }) => {
      try {
        readTarget({ fd: directoryFd, name }, scratch.target);
      } catch (error) {
        if (error instanceof SystemCallError && error.errno === ERRNO.ENOENT) return undefined;
        throw error;
      }
      return objectInfo(key, scratch.target);
    });
  } catch (error) {
    if (isHoldfastError(error, 'not-a-directory') || isHoldfastError(error, 'name-not-allowed')) return undefined;
    throw error;
  }
}
