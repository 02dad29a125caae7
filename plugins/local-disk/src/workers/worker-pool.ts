import { HoldfastError } from '@holdfast/core/plugin';
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Transferable } from 'node:worker_threads';
import { type Job, PoolWorker } from './pool-worker.ts';

export interface RunOptions<Message> {
  /** Buffers of the request that move to the worker instead of being copied. */
  readonly transfer?: readonly Transferable[];
  /** Receives what the handler posts, in order, all of it before the promise settles. */
  readonly onMessage?: (message: Message) => void;
  /** Aborting takes a waiting task out of the queue; a running one sees it in its context. */
  readonly signal?: AbortSignal;
}

/**
 * Threads that run tasks with synchronous system calls. They start when first needed, each does one task at a time, and waiting
 * tasks begin in the order in which they came. Idle threads do not keep the process alive.
 */
export class WorkerPool implements AsyncDisposable {
  readonly size: number;
  readonly #workers: PoolWorker[] = [];
  readonly #queue: Job[] = [];
  #disposed = false;

  constructor(size = Math.max(2, Math.min(availableParallelism(), 8))) {
    this.size = size;
  }

  /** Starts the threads now, so that they are ready when the first task comes. Returns at once. */
  warmUp(): void {
    while (!this.#disposed && this.#workers.length < this.size) this.#startWorker();
  }

  /**
   * Runs a task (a name in `task-table.ts`) in a thread and resolves with what its handler returns. Rejects with what it throws (a
   * HoldfastError as it is, anything else as `internal`), with the signal's reason where an aborted task failed, and with `internal`
   * where the thread died. A task that was aborted but ended well resolves. Once it has settled, the thread touches nothing of it any more.
   */
  run<Response, Message = never>(task: string, request: unknown, options: RunOptions<Message> = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      const { signal, transfer = [] } = options;
      if (signal?.aborted === true) return reject(signal.reason as Error);
      if (this.#disposed) return reject(new HoldfastError('internal', 'The worker threads were stopped already.'));
      const onMessage = options.onMessage as ((message: unknown) => void) | undefined;
      const withdraw = (): void => this.#withdraw(job);
      const job: Job = {
        task,
        request,
        transfer,
        onMessage,
        signal,
        withdraw,
        resolve: resolve as (response: unknown) => void,
        reject,
      };
      this.#enqueue(job);
    });
  }

  /** Ends the threads; tasks that wait or run are rejected with `interrupted`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    for (const job of this.#queue.splice(0)) job.reject(new HoldfastError('interrupted', 'The worker threads were stopped.'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #enqueue(job: Job): void {
    const { signal } = job;
    if (signal !== undefined) {
      // Any number of tasks may wait on one signal without being a leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', job.withdraw);
    }
    this.#queue.push(job);
    this.#dispatch();
  }

  #withdraw(job: Job): void {
    const index = this.#queue.indexOf(job);
    if (index < 0) return;
    this.#queue.splice(index, 1);
    job.signal?.removeEventListener('abort', job.withdraw);
    job.reject(job.signal?.reason);
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker =
        this.#workers.find((each) => each.idle) ?? (this.#workers.length < this.size ? this.#startWorker() : undefined);
      const job = worker === undefined ? undefined : this.#queue.shift();
      if (job === undefined) return;
      job.signal?.removeEventListener('abort', job.withdraw);
      worker?.start(job);
    }
  }

  #startWorker(): PoolWorker {
    const worker: PoolWorker = new PoolWorker(
      () => this.#dispatch(),
      () => {
        this.#workers.splice(this.#workers.indexOf(worker), 1);
        if (!this.#disposed) this.#dispatch();
      },
    );
    this.#workers.push(worker);
    return worker;
  }
}

let pool: WorkerPool | undefined;

/** The pool that everything in this process shares. */
export function sharedPool(): WorkerPool {
  return (pool ??= new WorkerPool());
}
