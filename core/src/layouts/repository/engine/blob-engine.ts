import { availableParallelism } from 'node:os';
import type { CallOptions } from '../../../contracts/call-options.ts';
import type { Content } from '../../../contracts/content.ts';
import { HoldfastError } from '../../../errors/holdfast-error.ts';
import { resticLimits } from '../chunker/chunk-limits.ts';
import { computeId } from '../format/object-id.ts';
import { Claims } from './claims.ts';
import { type EngineOptions, zstdLevels } from './engine-options.ts';
import { Scheduler } from './scheduler.ts';
import type { StoredFile } from './stored-file.ts';
import { StreamFeed } from './stream-feed.ts';
import { TreeBatch } from './tree-batch.ts';
import type { WorkerSettings } from './protocol.ts';

const DEFAULT_PACK_BYTES = 16 << 20;
const DEFAULT_PACKS_UNDER_WAY = 1;
/** Contents that are fed through this thread at once. */
const STREAMS = 2;

/** Where a directory is in the repository. */
export interface StoredTree {
  readonly id: Uint8Array;
  /** Nobody had it. */
  readonly isNew: boolean;
}

/**
 * Turns files into packs of a restic repository, in threads: cuts, finds out what is there, compresses, seals and packs the rest. Knows no
 * destination; whoever opens it stores the packs. Memory is bounded whatever it is given, but callers should have no more than about a
 * thousand files waiting.
 */
export class BlobEngine implements AsyncDisposable {
  readonly #claims: Claims;
  readonly #scheduler: Scheduler;
  readonly #trees: TreeBatch;
  readonly #streamBuffers: Uint8Array<SharedArrayBuffer>[] = [];
  readonly #streamsWaiting: (() => void)[] = [];
  readonly #chunkBytes: number;
  #streams = 0;

  /** Starts the threads, which get ready while the caller goes on. */
  constructor(options: EngineOptions) {
    const limits = options.limits ?? resticLimits;
    const packBytes = options.packBytes ?? DEFAULT_PACK_BYTES;
    const settings: WorkerSettings = {
      masterKey: options.masterKey,
      polynomial: options.polynomial,
      limits,
      packBytes,
      ...zstdLevels(options),
    };
    this.#chunkBytes = limits.maxBytes;
    this.#claims = new Claims(options.has);
    this.#scheduler = new Scheduler({
      settings,
      threads: options.threads ?? Math.max(2, availableParallelism()),
      packsUnderWay: options.packsUnderWay ?? DEFAULT_PACKS_UNDER_WAY,
      claims: this.#claims,
      onPack: options.onPack,
    });
    this.#trees = new TreeBatch((message, onSealed) => this.#scheduler.sendBlobs(message, onSealed));
  }

  /**
   * Stores a file's content. Resolves once its chunks are known and those that nobody had are on their way; they are in the repository when
   * a later `flush` resolves. Rejects with why the file cannot be read, with the signal's reason, or with what ended the engine.
   */
  storeFile(content: Content, { signal }: CallOptions = {}): Promise<StoredFile> {
    const { local, size = 0n } = content;
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (local === undefined) return this.#storeStream(content, signal);
    return new Promise((resolve, reject) => {
      const { root, path, dev, ino } = local;
      this.#scheduler.addFile({ file: { root, path, dev, ino }, size: Number(size), signal, resolve, reject });
    });
  }

  /** Stores a directory. Resolves when there is room for another; the caller should wait for that. `bytes` must not change afterwards. */
  async storeTree(bytes: Uint8Array): Promise<StoredTree> {
    const id = computeId(bytes);
    const isNew = this.#claims.claim('tree', id, 0);
    if (isNew) await this.#trees.add(bytes, id);
    return { id, isNew };
  }

  /** Resolves when all that was stored before is in packs that `onPack` has taken. Call it when no file is under way. */
  async flush(): Promise<void> {
    this.#trees.flush();
    await this.#scheduler.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scheduler.end(new HoldfastError('interrupted', 'The engine was stopped.'));
  }

  async #storeStream(content: Content, signal: AbortSignal | undefined): Promise<StoredFile> {
    while (this.#streams === STREAMS) await new Promise<void>((resolve) => this.#streamsWaiting.push(resolve));
    this.#streams++;
    const buffer = this.#streamBuffers.pop() ?? new Uint8Array(new SharedArrayBuffer(this.#chunkBytes));
    try {
      return await new StreamFeed(buffer, (task) => this.#scheduler.add(task)).store(content, signal);
    } finally {
      this.#streams--;
      this.#streamBuffers.push(buffer);
      this.#streamsWaiting.shift()?.();
    }
  }
}
