import { syncFileSystem } from '../syscalls/sync.ts';

/** Writes a file system out, one call at a time: all who ask while one runs share the next. */
export class FileSystemSyncer {
  readonly #fd: number;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Resolves when everything that was written before the call is on the disk. Rejects with SystemCallError. */
  sync(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const running = syncFileSystem(this.#fd).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return (this.#running = running);
  }
}
