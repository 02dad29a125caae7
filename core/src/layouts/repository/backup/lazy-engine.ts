import type { CallOptions } from '../../../contracts/call-options.ts';
import type { Content } from '../../../contracts/content.ts';
import type { BlobEngine, StoredTree } from '../engine/blob-engine.ts';
import type { StoredFile } from '../engine/stored-file.ts';

/** An engine that is started when there is something to store: threads and their memory cost more than finding out that nothing changed. */
export class LazyEngine implements AsyncDisposable {
  readonly #start: () => BlobEngine;
  #engine: BlobEngine | undefined;

  constructor(start: () => BlobEngine) {
    this.#start = start;
  }

  /** Lets the threads get ready, where it is certain that they are needed. */
  warmUp(): void {
    this.#engine ??= this.#start();
  }

  storeFile(content: Content, options: CallOptions): Promise<StoredFile> {
    return (this.#engine ??= this.#start()).storeFile(content, options);
  }

  storeTree(bytes: Uint8Array): Promise<StoredTree> {
    return (this.#engine ??= this.#start()).storeTree(bytes);
  }

  async flush(): Promise<void> {
    await this.#engine?.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine?.[Symbol.asyncDispose]();
  }
}
