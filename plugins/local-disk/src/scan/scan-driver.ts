import { decodePath, type EntryBlock, rootPath, type ScanOptions } from '@holdfast/core/plugin';
import { setImmediate } from 'node:timers/promises';
import { explainFailure } from '../errors.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { ScanRoot } from './read-root.ts';
import type { Hole, ScanRequest, ScanResponse, ScanRules } from './scan-protocol.ts';
import { ScanSequence, type Slot } from './scan-sequence.ts';

/** About what an entry takes in a block. */
const BYTES_PER_ENTRY = 120;
/** Blocks that a consumer may take in a row before the threads' answers get their turn. */
const BLOCKS_IN_A_ROW = 4;
/** What a directory is thought to hold before any was seen. */
const FIRST_GUESS = 32;

/** Hands the holes of one scan to the pool, those that are needed first before the others, and gives out the blocks in order. */
export class ScanDriver {
  readonly #rootFd: number;
  readonly #rules: ScanRules;
  readonly #options: ScanOptions;
  readonly #pool: WorkerPool;
  readonly #sequence: ScanSequence;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly reason: unknown } | undefined;
  #entries = FIRST_GUESS;
  #directories = 1;
  #started = 0;

  constructor(rootFd: number, root: ScanRoot, rules: ScanRules, options: ScanOptions, pool: WorkerPool) {
    this.#rootFd = rootFd;
    this.#rules = rules;
    this.#options = options;
    this.#pool = pool;
    this.#sequence = new ScanSequence(root.hole);
    const { signal } = options;
    this.#signal = signal === undefined ? this.#stopped.signal : AbortSignal.any([signal, this.#stopped.signal]);
    this.#dispatch();
  }

  async *blocks(): AsyncGenerator<EntryBlock, void> {
    for (let row = 1; !this.#sequence.done; ) {
      const block = this.#sequence.takeBlock();
      this.#dispatch();
      if (block !== undefined) {
        if (row++ % BLOCKS_IN_A_ROW === 0) await setImmediate();
        yield block;
      } else {
        await Promise.race(this.#running);
      }
      if (this.#failure !== undefined) throw this.#failure.reason;
      this.#options.signal?.throwIfAborted();
    }
  }

  /** Ends what still runs; resolves when nobody uses the root's descriptor any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#running);
  }

  #dispatch(): void {
    const { entriesPerTask } = this.#rules.limits;
    while (this.#failure === undefined && this.#mayStart()) {
      // Small tasks at first: the sooner a thread comes back with holes, the sooner the others have work.
      const budget = this.#started < 2 * this.#pool.size ? Math.ceil(entriesPerTask / 10) : entriesPerTask;
      const taken = this.#sequence.takeHoles(budget, (hole) => this.#weigh(hole));
      if (taken === undefined) return;
      this.#started++;
      const task = this.#fill(taken.slot, taken.holes, budget).finally(() => this.#running.delete(task));
      this.#running.add(task);
    }
  }

  /** The hole at the front must be filled whatever waits behind it, or the scan would stand still. */
  #mayStart(): boolean {
    const { bytesAhead, entriesPerTask } = this.#rules.limits;
    const running = this.#running.size;
    if (running >= 2 * this.#pool.size) return false;
    return this.#sequence.startsWithHole || this.#sequence.bytes + running * entriesPerTask * BYTES_PER_ENTRY < bytesAhead;
  }

  async #fill(slot: Slot, holes: readonly Hole[], budget: number): Promise<void> {
    const entriesPerDirectory = this.#entriesPerDirectory();
    const request: ScanRequest = { rules: this.#rules, rootFd: this.#rootFd, holes, budget, entriesPerDirectory };
    const transfer = holes.flatMap(({ names }) => (names === undefined ? [] : [names.buffer as ArrayBuffer]));
    try {
      const response = await this.#pool.run<ScanResponse>('scan', request, { transfer, signal: this.#signal });
      this.#sequence.fill(slot, response.parts);
      this.#report(response);
      this.#dispatch();
    } catch (error) {
      this.#failure ??= { reason: error };
    }
  }

  #report({ skips, leftovers, excluded, entryCount, directoryCount }: ScanResponse): void {
    this.#entries += entryCount;
    this.#directories += directoryCount;
    for (const { path, note, subtree } of skips) {
      const { code, message, path: decoded = rootPath } = explainFailure(note, decodePath(path));
      this.#options.onSkip({ path: decoded, code, message, subtree });
    }
    for (const path of leftovers) this.#options.onLeftover?.(decodePath(path));
    if (excluded > 0) this.#options.onExclude(excluded);
  }

  #entriesPerDirectory(): number {
    return this.#entries / this.#directories;
  }

  #weigh({ nameCount, directoryCount }: Hole): number {
    return nameCount + directoryCount * this.#entriesPerDirectory();
  }
}
