import type { Place } from '../store/place.ts';
import { toCString } from '../syscalls/c-string.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { close } from '../syscalls/open.ts';

const SLASH = 0x2f;

/** Finds entries below a root, through no symbolic link. Keeps the last directory open: entries mostly come with their siblings. */
export class DirectoryHandle {
  readonly #rootFd: number;
  #fd = -1;
  #path: Uint8Array = new Uint8Array(0);

  constructor(rootFd: number) {
    this.#rootFd = rootFd;
  }

  /** The name of an entry in its open directory, valid until the next is asked for. `path` is relative; empty for the root. @throws SystemCallError */
  placeOf(path: Uint8Array): Place {
    if (path.length === 0) return { directoryFd: this.#rootFd, name: toCString('.') };
    const slash = path.lastIndexOf(SLASH);
    this.#open(path.subarray(0, Math.max(slash, 0)));
    return { directoryFd: this.#fd, name: toCString(path.subarray(slash + 1)) };
  }

  close(): void {
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
  }

  #open(path: Uint8Array): void {
    if (this.#fd >= 0 && Buffer.compare(path, this.#path) === 0) return;
    this.close();
    this.#fd = openDirectoryBeneath(this.#rootFd, path, { handleOnly: true });
    this.#path = path;
  }
}
