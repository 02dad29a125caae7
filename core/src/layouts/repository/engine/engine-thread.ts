import { Worker } from 'node:worker_threads';
import { HoldfastError } from '../../../errors/holdfast-error.ts';
import { type FromWorker, SLOTS, type ToWorker, type WorkerSettings } from './protocol.ts';

/** The thread's program. The build makes its name `.js`, as it does in imports. */
const program = new URL('./worker/worker-main.ts', import.meta.url);

/** One of the engine's threads, and how much it has to do. */
export class EngineThread {
  readonly #thread: Worker;
  #tasks = 0;
  #isEnding = false;

  constructor(settings: WorkerSettings, onMessage: (message: FromWorker) => void, onError: (error: HoldfastError) => void) {
    // A file may be opened by one thread and closed by another.
    this.#thread = new Worker(program, {
      workerData: settings,
      name: 'holdfast-blobs',
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#thread.on('message', onMessage);
    this.#thread.on('error', (error: Error) =>
      onError(new HoldfastError('internal', `A worker thread failed: ${error.message}`, { cause: error })),
    );
    this.#thread.on('exit', (code) => {
      if (!this.#isEnding)
        onError(new HoldfastError('internal', `A worker thread ended with exit code ${code} in the middle of its work.`));
    });
  }

  /** Tasks that hold a slot. */
  get tasks(): number {
    return this.#tasks;
  }

  get hasRoom(): boolean {
    return this.#tasks < SLOTS;
  }

  /** Sends what takes a slot. */
  start(message: ToWorker): void {
    this.#tasks++;
    this.send(message);
  }

  /** A slot is free again. */
  release(): void {
    this.#tasks--;
  }

  send(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#thread.postMessage(message, transfer);
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#thread.terminate();
  }
}
