import { encodePath, HoldfastError } from '@holdfast/core/plugin';
import type { RelPath } from '@holdfast/core/plugin';
import { describeFailure } from '../errors.ts';
import { ensureDirectory, openExisting, openIfThere, splitPath } from '../store/ensure-directory.ts';
import type { Place } from '../store/place.ts';
import { enter } from '../store/step.ts';
import { tempName } from '../store/temp-name.ts';
import { toCString } from '../syscalls/c-string.ts';
import { close } from '../syscalls/open.ts';

const HERE = Buffer.from('.\0');

/** The open root of a destination. All that is done at a key goes through its directory's descriptor; a symbolic link on the way is refused. */
export class DiskRoot {
  readonly fd: number;
  /** Absolute path, for people. */
  readonly displayName: string;
  /** What temporary names of this opening begin with. */
  readonly tempPrefix: Buffer;
  readonly #closing = new AbortController();
  readonly #working = new Set<Promise<unknown>>();
  #temps = 0;

  constructor(fd: number, displayName: string, prefix: Buffer) {
    this.fd = fd;
    this.displayName = displayName;
    this.tempPrefix = prefix;
  }

  /** A temporary name beside `place`. */
  tempBeside({ directoryFd }: Place): Place {
    return { directoryFd, name: tempName(this.tempPrefix, this.#temps++) };
  }

  /**
   * Runs `work` with the place of `key`; undefined where its directory does not exist. What fails becomes a HoldfastError.
   * @param action follows "Cannot" in the message
   */
  at<T>(key: RelPath, action: string, work: (place: Place) => T): T | undefined {
    return this.explain(key, action, () => {
      if (key === '') return work({ directoryFd: this.fd, name: HERE });
      const { parent, name } = splitPath(this.#encode(key));
      const directoryFd = openIfThere(this.fd, parent);
      if (directoryFd === undefined) return undefined;
      return this.#withPlace(directoryFd, name, work);
    });
  }

  /** As `at`; rejects with `not-found` where the directory does not exist. */
  atExisting<T>(key: RelPath, action: string, work: (place: Place) => T): T {
    return this.explain(key, action, () => {
      if (key === '') return work({ directoryFd: this.fd, name: HERE });
      const { parent, name } = splitPath(this.#encode(key));
      return this.#withPlace(openExisting(this.fd, parent), name, work);
    });
  }

  /** As `at`; the directory is made where it is missing. */
  atNew<T>(key: RelPath, action: string, work: (place: Place) => T): T {
    return this.explain(key, action, () => {
      if (key === '') throw new HoldfastError('is-directory', `Cannot ${action} the root: it is a directory.`, { path: key });
      return this.#withPlace(this.openParent(key), splitPath(this.#encode(key)).name, work);
    });
  }

  /** Descriptor of the directory of `key`, which is made where it is missing. @throws SystemCallError */
  openParent(key: RelPath): number {
    return ensureDirectory(this.fd, splitPath(this.#encode(key)).parent, undefined, 0o777);
  }

  /** Runs `work`; what its system calls throw becomes a HoldfastError. */
  explain<T>(key: RelPath, action: string, work: () => T): T {
    if (this.isClosed) throw new HoldfastError('internal', `Cannot ${action} "${key}": ${this.displayName} was closed.`);
    enter('destination', action);
    try {
      return work();
    } catch (error) {
      throw describeFailure(error, key);
    }
  }

  /** Aborts when the root is to be closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** The descriptor stays open until `work` has settled: threads that work with it must not meet another file under its number. */
  holdFor(work: Promise<unknown>): void {
    this.#working.add(work);
    const done = (): void => void this.#working.delete(work);
    work.then(done, done);
  }

  /** Ends what still works here and closes the descriptor. May be called twice. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.#closing.abort(new HoldfastError('interrupted', `${this.displayName} was closed.`));
    await Promise.allSettled(this.#working);
    close(this.fd);
  }

  #withPlace<T>(directoryFd: number, name: Uint8Array, work: (place: Place) => T): T {
    try {
      return work({ directoryFd, name: toCString(name) });
    } finally {
      close(directoryFd);
    }
  }

  #encode(key: RelPath): Buffer {
    const path = encodePath(key);
    if (path.includes(0))
      throw new HoldfastError('name-not-allowed', `The name ${JSON.stringify(key)} holds a zero byte.`, { path: key });
    return path;
  }
}
