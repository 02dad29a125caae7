import { DT } from '../syscalls/directory.ts';
import { ERRNO, errno } from '../syscalls/errno.ts';
import { readlinkat } from '../syscalls/link.ts';
import { statx, STATX_BASIC_STATS, STATX_NO_FOLLOW } from '../syscalls/stat.ts';
import { STATX_WORD, StatxRecord } from '../syscalls/statx-record.ts';
import type { BlockPacker } from './block-packer.ts';
import { KIND_CODE, kindOfMode } from './entry-kind.ts';

const MOST_TRIES = 3;

/** Looks at one entry after the other; the fields describe the last. */
export class EntryProbe {
  readonly record = new StatxRecord();
  kind = 0;
  /** Bytes of a symbolic link's target, which lie in the packer's room for it. */
  targetLength = 0;
  /** The call that failed. */
  failedCall = '';
  readonly #words = this.record.words;

  /**
   * Fills the fields for a name of an open directory; 0, or the errno. The target of a link is read before its times, which
   * reading it may change.
   */
  look(directoryFd: number, nameAddress: number, type: number, packer: BlockPacker): number {
    let isRead = type === DT.SYMLINK && this.#readTarget(directoryFd, nameAddress, packer);
    for (let tries = 0; ; tries++) {
      if (statx(directoryFd, nameAddress, STATX_NO_FOLLOW, STATX_BASIC_STATS, this.record.address) < 0)
        return this.#fail('statx');
      this.kind = kindOfMode(this.#words[STATX_WORD.mode]!);
      if (this.kind !== KIND_CODE.symlink || isRead) return 0;
      isRead = this.#readTarget(directoryFd, nameAddress, packer);
      // It was a link a moment ago: EINVAL says that it no longer is, and looking again tells what it is now.
      if (!isRead && (errno() !== ERRNO.EINVAL || tries === MOST_TRIES)) return this.#fail('readlinkat');
    }
  }

  get size(): number {
    return this.record.size;
  }

  #readTarget(directoryFd: number, nameAddress: number, packer: BlockPacker): boolean {
    const room = packer.targetRoom();
    const length = readlinkat(directoryFd, nameAddress, room, room.length);
    this.targetLength = length;
    return length >= 0;
  }

  #fail(call: string): number {
    this.failedCall = call;
    return errno();
  }
}
