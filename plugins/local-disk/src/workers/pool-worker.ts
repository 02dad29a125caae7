import { HoldfastError } from '@holdfast/core/plugin';
import type { ErrorCode, RelPath } from '@holdfast/core/plugin';
import { Worker } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import type { TaskFailure, WorkerAnswer, WorkerStart } from './worker-protocol.ts';

/** A task that waits or runs, and who waits for it. */
export interface Job {
  readonly task: string;
  readonly request: unknown;
  readonly transfer: readonly Transferable[];
  readonly onMessage: ((message: unknown) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  /** The signal's listener while the task waits. */
  readonly withdraw: () => void;
  readonly resolve: (response: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** The thread's program. The build makes its name `.js`, as it does in imports. */
const program = new URL('./worker-main.ts', import.meta.url);

/** One thread of a pool. It does one task at a time and keeps the process alive only while it has one. */
export class PoolWorker {
  readonly #thread: Worker;
  readonly #abortFlag = new Int32Array(new SharedArrayBuffer(4));
  readonly #onIdle: () => void;
  #job: Job | undefined;
  #dying = false;

  /** `onIdle` is called after each task; `onDeath` once, when the thread has ended for whatever reason. */
  constructor(onIdle: () => void, onDeath: () => void) {
    this.#onIdle = onIdle;
    const workerData: WorkerStart = { abortFlag: this.#abortFlag };
    this.#thread = new Worker(program, { workerData, name: 'holdfast' });
    this.#thread.on('message', (answer: WorkerAnswer) => this.#receive(answer));
    this.#thread.on('error', (error: Error) =>
      this.#fail(new HoldfastError('internal', `A worker thread failed: ${error.message}`, { cause: error })),
    );
    this.#thread.on('exit', (code) => {
      this.#fail(new HoldfastError('internal', `A worker thread ended with exit code ${code} in the middle of a task.`));
      onDeath();
    });
    // Only now: listening for messages makes the thread count again.
    this.#thread.unref();
  }

  get idle(): boolean {
    return this.#job === undefined && !this.#dying;
  }

  /** Starts `job`; the thread must be idle. */
  start(job: Job): void {
    this.#job = job;
    Atomics.store(this.#abortFlag, 0, 0);
    job.signal?.addEventListener('abort', this.#abort);
    this.#thread.ref();
    try {
      this.#thread.postMessage({ task: job.task, request: job.request }, job.transfer);
    } catch (error) {
      this.#finish()?.reject(error);
      this.#onIdle();
    }
  }

  /** Ends the thread; a task that it runs is rejected. Resolves when it is gone. */
  async terminate(): Promise<void> {
    this.#fail(new HoldfastError('interrupted', 'The worker threads were stopped.'));
    await this.#thread.terminate();
  }

  readonly #abort = (): void => {
    Atomics.store(this.#abortFlag, 0, 1);
  };

  #receive(answer: WorkerAnswer): void {
    const job = this.#job;
    if (job === undefined) return;
    switch (answer.kind) {
      case 'message':
        job.onMessage?.(answer.value);
        return;
      case 'done':
        this.#finish();
        job.resolve(answer.value);
        break;
      case 'failed':
        this.#finish();
        job.reject(job.signal?.aborted === true ? job.signal.reason : reviveFailure(answer.failure));
        break;
      default:
        answer satisfies never;
    }
    this.#onIdle();
  }

  #fail(error: HoldfastError): void {
    this.#dying = true;
    this.#finish()?.reject(error);
  }

  #finish(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    job?.signal?.removeEventListener('abort', this.#abort);
    this.#thread.unref();
    return job;
  }
}

function reviveFailure(failure: TaskFailure): HoldfastError {
  const cause = new Error(failure.message);
  if (failure.stack !== undefined) cause.stack = failure.stack;
  return new HoldfastError((failure.code ?? 'internal') as ErrorCode, failure.message, {
    cause,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.path === undefined ? {} : { path: failure.path as RelPath }),
  });
}
