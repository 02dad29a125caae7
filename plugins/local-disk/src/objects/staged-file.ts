import { HoldfastError } from '@holdfast/core/plugin';
import type { RelPath, StagedObject } from '@holdfast/core/plugin';
import { readTarget } from '../store/apply-metadata.ts';
import { createFile } from '../store/new-file.ts';
import type { Place } from '../store/place.ts';
import { publishEntry } from '../store/publish-entry.ts';
import { scratch } from '../store/scratch.ts';
import { splitPath } from '../store/ensure-directory.ts';
import { enter } from '../store/step.ts';
import { toCString } from '../syscalls/c-string.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { linkat } from '../syscalls/link.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { close } from '../syscalls/open.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { ftruncate } from '../syscalls/sparse.ts';
import { syncFile } from '../syscalls/sync.ts';
import { futimens } from '../syscalls/times.ts';
import { pwriteFully } from '../syscalls/transfer.ts';
import { S_IFDIR, S_IFMT } from '../syscalls/create.ts';
import type { DiskRoot } from './disk-root.ts';
import { readDescriptor } from './read-object.ts';
import { encodePath } from '@holdfast/core/plugin';

/** Bytes that one call of the system takes from us at most. */
const PIECE_BYTES = 1 << 18;
/** Files that layouts write: readable as the umask allows. */
const NEW_FILE = 0o666;

/** A file under a temporary name in the directory where it is to be, until it is published or discarded. */
export class StagedFile implements AsyncDisposable {
  readonly fd: number;
  readonly #root: DiskRoot;
  readonly #key: RelPath;
  readonly #directoryFd: number;
  readonly #temp: Place;
  readonly #place: Place;
  readonly #memory = new NativeBuffer(PIECE_BYTES);
  #named = true;

  /** Missing parents are made. Throws `is-directory` where one has the key's name. */
  constructor(root: DiskRoot, key: RelPath) {
    this.#root = root;
    this.#key = key;
    const opened = root.explain(key, 'write', () => openStaged(root, key));
    this.#directoryFd = opened.place.directoryFd;
    this.#place = opened.place;
    this.#temp = opened.temp;
    this.fd = opened.fd;
  }

  writeAt(bytes: Uint8Array, offset: number): void {
    this.#root.explain(this.#key, 'write', () => {
      for (let done = 0; done < bytes.length; done += PIECE_BYTES) {
        const piece = bytes.subarray(done, done + PIECE_BYTES);
        this.#memory.bytes.set(piece);
        pwriteFully(this.fd, this.#memory, piece.length, offset + done);
      }
    });
  }

  setSize(size: number): void {
    this.#root.explain(this.#key, 'write', () => check(ftruncate(this.fd, size), 'ftruncate'));
  }

  setTime(mtimeNs: bigint): void {
    this.#root.explain(this.#key, 'set the time of', () =>
      check(futimens(this.fd, scratch.times.set(undefined, mtimeNs).address), 'futimens'),
    );
  }

  /** What was written, for who wants to look at it before it is published. */
  view(size: bigint): StagedObject {
    return { size, read: (options) => readDescriptor(this.#root, this.#key, this.fd, options) };
  }

  /** Puts the bytes on the disk, so that the name never stands for a file that a power loss left without them. */
  async sync(): Promise<void> {
    try {
      await syncFile(this.fd);
    } catch (error) {
      this.#root.explain(this.#key, 'write', () => {
        throw error;
      });
    }
  }

  /** Replaces what has the key's name. Fills `scratch.target`. */
  publish(): void {
    this.#root.explain(this.#key, 'write', () => {
      refuseDirectory(this.#place, this.#key);
      publishEntry(this.#temp, this.#place);
      this.#named = false;
      readTarget({ fd: this.fd }, scratch.target);
    });
  }

  /** Takes the key's name only where nothing has it. Answers whether it did. */
  publishNew(): boolean {
    return this.#root.explain(this.#key, 'write', () => {
      const { directoryFd, name } = this.#place;
      if (linkat(this.#temp.directoryFd, this.#temp.name, directoryFd, name, 0) === 0) return true;
      if (errno() === ERRNO.EEXIST) return false;
      throw new SystemCallError('linkat', errno(), name);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#named) unlinkat(this.#temp.directoryFd, this.#temp.name, 0);
    close(this.fd);
    close(this.#directoryFd);
  }
}

function openStaged(root: DiskRoot, key: RelPath): { place: Place; temp: Place; fd: number } {
  if (key === '') throw new HoldfastError('is-directory', 'Cannot write the root: it is a directory.', { path: key });
  const directoryFd = root.openParent(key);
  try {
    const place = { directoryFd, name: toCString(splitPath(encodePath(key)).name) };
    refuseDirectory(place, key);
    const temp = root.tempBeside(place);
    enter('destination', 'write');
    return { place, temp, fd: createFile(temp, NEW_FILE) };
  } catch (error) {
    close(directoryFd);
    throw error;
  }
}

function refuseDirectory({ directoryFd, name }: Place, key: RelPath): void {
  try {
    readTarget({ fd: directoryFd, name }, scratch.other);
  } catch (error) {
    if (error instanceof SystemCallError && error.errno === ERRNO.ENOENT) return;
    throw error;
  }
  if ((scratch.other.mode & S_IFMT) === S_IFDIR)
    throw new HoldfastError('is-directory', `Cannot write "${key}": it is a directory.`, { path: key });
}
