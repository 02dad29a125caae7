import type { Content } from '../../../contracts/content.ts';
import type { EngineTask } from './engine-task.ts';
import { type ChunkRun, joinRuns, type StoredFile } from './stored-file.ts';

/** Feeds content that only this thread can open to the engine, through one buffer that threads read from. */
export class StreamFeed {
  readonly #buffer: Uint8Array<SharedArrayBuffer>;
  readonly #schedule: (task: EngineTask) => void;
  readonly #runs: Promise<ChunkRun>[] = [];
  #filled = 0;
  #size = 0;

  /** `buffer` is as long as the longest chunk. */
  constructor(buffer: Uint8Array<SharedArrayBuffer>, schedule: (task: EngineTask) => void) {
    this.#buffer = buffer;
    this.#schedule = schedule;
  }

  /** Rejects with what the content rejects with. What was stored by then is what a later run finds. */
  async store(content: Content, signal: AbortSignal | undefined): Promise<StoredFile> {
    try {
      for await (const bytes of content.open(signal === undefined ? {} : { signal })) await this.#take(bytes);
      if (this.#filled > 0) await this.#send(true);
    } finally {
      // No thread may look at the buffer when another content gets it.
      await Promise.allSettled(this.#runs);
    }
    const runs = await Promise.all(this.#runs);
    return { ...joinRuns(runs), size: this.#size, state: undefined, isTorn: false };
  }

  async #take(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === this.#buffer.length) await this.#send(false);
      const part = bytes.subarray(at, at + this.#buffer.length - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      this.#size += part.length;
      at += part.length;
    }
  }

  /** Resolves when the thread has a copy; what is behind its last cut is then at the start of the buffer. */
  async #send(isLast: boolean): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#filled);
    const hashed = Promise.withResolvers<ChunkRun>();
    this.#runs.push(hashed.promise);
    const end = await new Promise<number>((resolve, reject) => {
      const onError = (error: Error): void => {
        hashed.reject(error);
        reject(error);
      };
      const message = (task: number) => ({ kind: 'stream', task, bytes, isLast }) as const;
      this.#schedule({ message, onCut: resolve, onHashed: hashed.resolve, onError });
    });
    this.#buffer.copyWithin(0, end, this.#filled);
    this.#filled -= end;
  }
}
