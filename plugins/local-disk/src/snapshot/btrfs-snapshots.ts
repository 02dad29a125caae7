import { decodeText, encodeText, HoldfastError } from '@holdfast/core/plugin';
import type { FrozenView, SnapshotProvider } from '@holdfast/core/plugin';
import { realpathSync } from 'node:fs';
import { keepTimes } from '../store/keep-times.ts';
import { toCString } from '../syscalls/c-string.ts';
import { SystemCallError } from '../syscalls/errno.ts';
import { tryLockExclusive } from '../syscalls/lock.ts';
import { O_DIRECTORY } from '../syscalls/open-flags.ts';
import { close, openPath } from '../syscalls/open.ts';
import { createReadOnlySnapshot, destroySubvolume } from '../syscalls/subvolume.ts';
import { findGaps } from './find-gaps.ts';
import { findSubvolume, type Subvolume } from './find-subvolume.ts';
import { removeStaleSnapshots } from './remove-stale-snapshots.ts';
import { makeSnapshotName, thisOwner } from './snapshot-name.ts';

/**
 * Snapshots of btrfs: a read-only one of the subvolume that holds the source, under a hidden name in the root of that subvolume, where every
 * scan leaves it out. Inode numbers and times in it are those of the original. Only root may remove it again, so only root makes one.
 */
export const btrfsSnapshots: SnapshotProvider = {
  name: 'btrfs',
  probe: (target) => Promise.resolve(canFreeze(target)),
  async gaps(target, { signal }) {
    signal?.throwIfAborted();
    return explain(target, () => {
      const subvolume = requireSubvolume(target);
      try {
        return findGaps(subvolume);
      } finally {
        close(subvolume.fd);
      }
    });
  },
  async acquire(target, { signal }) {
    signal?.throwIfAborted();
    return explain(target, () => new BtrfsView(requireSubvolume(target)));
  },
};

/** What a system call refuses becomes a HoldfastError. */
function explain<T>(target: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    throw new HoldfastError('unsupported', `No snapshot of ${target} can be made: ${error.message}.`, { cause: error });
  }
}

function canFreeze(target: string): boolean {
  if (process.geteuid?.() !== 0) return false;
  try {
    const subvolume = findSubvolume(realBytes(target));
    if (subvolume !== undefined) close(subvolume.fd);
    return subvolume !== undefined;
  } catch {
    return false;
  }
}

function requireSubvolume(target: string): Subvolume {
  const subvolume = findSubvolume(realBytes(target));
  if (subvolume === undefined)
    throw new HoldfastError('unsupported', `${target} is in no subvolume of btrfs that can be reached.`);
  return subvolume;
}

function realBytes(path: string): Buffer {
  return realpathSync.native(encodeText(path), 'buffer');
}

/** A snapshot, while somebody needs it. Its root stays open and locked meanwhile: others can tell by that. */
class BtrfsView implements FrozenView {
  readonly root: string;
  readonly consistency = 'crash';
  readonly #subvolumeFd: number;
  readonly #name: Uint8Array;
  #snapshotFd = -1;
  #isMade = false;
  #isOver = false;

  /** Closes `subvolume` when it is disposed, and when it throws. @throws SystemCallError */
  constructor(subvolume: Subvolume) {
    const { fd, path, inner } = subvolume;
    const name = makeSnapshotName(thisOwner());
    const root = Buffer.concat([path, Buffer.from(`/${name}`)]);
    this.#subvolumeFd = fd;
    this.#name = toCString(name);
    this.root = decodeText(inner.length === 0 ? root : Buffer.concat([root, Buffer.from('/'), inner]));
    try {
      removeStaleSnapshots(subvolume);
      keepTimes(fd, () => createReadOnlySnapshot(fd, fd, this.#name));
      this.#isMade = true;
      this.#snapshotFd = openPath(root, O_DIRECTORY);
      tryLockExclusive(this.#snapshotFd);
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve().then(() => this.#remove());
  }

  #remove(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      if (this.#isMade) keepTimes(this.#subvolumeFd, () => destroySubvolume(this.#subvolumeFd, this.#name));
    } finally {
      if (this.#snapshotFd >= 0) close(this.#snapshotFd);
      close(this.#subvolumeFd);
    }
  }
}
