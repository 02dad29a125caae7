import type { Claims } from './claims.ts';
import type { EngineTask } from './engine-task.ts';
import { EngineThread } from './engine-thread.ts';
import { toError, type WaitingFile } from './file-batch.ts';
import { PackFlow } from './pack-flow.ts';
import type { FinishedPack, FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { TaskQueue } from './task-queue.ts';

export interface SchedulerOptions {
  readonly settings: WorkerSettings;
  readonly threads: number;
  readonly packsUnderWay: number;
  readonly claims: Claims;
  readonly onPack: (pack: FinishedPack) => Promise<void>;
}

/** Room in a buffer behind the pack size: the header, and a frame that is longer than what it holds. */
const PACK_SLACK = 256 << 10;

/** Gives the threads their work and judges their chunks. */
export class Scheduler {
  readonly #claims: Claims;
  readonly #threads: EngineThread[];
  readonly #queue: TaskQueue;
  readonly #packs: PackFlow;
  readonly #running = new Map<number, EngineTask>();
  readonly #sealing = new Map<number, () => void>();
  #lastTask = 0;
  #isDispatchDue = false;
  #flushing: { count: number; readonly done: PromiseWithResolvers<void> } | undefined;
  #idle: PromiseWithResolvers<void> | undefined;
  #failure: Error | undefined;

  constructor({ settings, threads, packsUnderWay, claims, onPack }: SchedulerOptions) {
    const { packBytes, limits } = settings;
    this.#claims = claims;
    this.#queue = new TaskQueue(limits.maxBytes, () => this.#dispatchSoon());
    // Each thread fills one pack of data, the first of them one of directories too.
    const room = { buffers: threads + 1 + packsUnderWay, bufferBytes: packBytes + limits.maxBytes + PACK_SLACK };
    const taken = (pack: FinishedPack): Promise<void> => onPack(pack).then(() => claims.release(pack.type, pack.blobIds));
    this.#packs = new PackFlow(room, taken, (error) => this.#fail(error));
    this.#threads = Array.from({ length: threads }, () => {
      const thread: EngineThread = new EngineThread(
        settings,
        (message) => this.#receive(thread, message),
        (error) => this.#fail(error),
      );
      return thread;
    });
  }

  addFile(waiting: WaitingFile): void {
    if (this.#failure === undefined) this.#queue.addFile(waiting);
    else waiting.reject(this.#failure);
  }

  add(task: EngineTask): void {
    if (this.#failure === undefined) this.#queue.add(task);
    else task.onError(this.#failure);
  }

  /** Sends blobs that are wanted to the first thread. */
  sendBlobs(message: (task: number) => ToWorker, onSealed: () => void): void {
    const task = ++this.#lastTask;
    this.#sealing.set(task, onSealed);
    this.#threads[0]?.send(message(task));
  }

  /** Resolves when nothing is under way any more and all packs are taken. */
  async flush(): Promise<void> {
    while (this.#failure === undefined && !this.#isIdle) await (this.#idle ??= Promise.withResolvers()).promise;
    if (this.#failure === undefined) {
      const done = Promise.withResolvers<void>();
      this.#flushing = { count: this.#threads.length, done };
      for (const thread of this.#threads) thread.send({ kind: 'flush' });
      await done.promise;
      await this.#packs.settle();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async end(reason: Error): Promise<void> {
    this.#fail(reason);
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  get #isIdle(): boolean {
    return this.#queue.isEmpty && this.#running.size === 0 && this.#sealing.size === 0;
  }

  /** Not at once: callers that bring many files bring them in one go. */
  #dispatchSoon(): void {
    if (this.#isDispatchDue) return;
    this.#isDispatchDue = true;
    queueMicrotask(() => {
      this.#isDispatchDue = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (;;) {
      const [first, ...others] = this.#threads;
      if (first === undefined) return;
      const thread = others.reduce((least, each) => (each.tasks < least.tasks ? each : least), first);
      const task = thread.hasRoom ? this.#queue.take() : undefined;
      if (task === undefined) break;
      const number = ++this.#lastTask;
      this.#running.set(number, task);
      thread.start(task.message(number));
    }
    if (this.#isIdle) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  #receive(thread: EngineThread, message: FromWorker): void {
    switch (message.kind) {
      case 'cut':
        this.#running.get(message.task)?.onCut?.(message.end, message.open);
        return;
      case 'hashed':
        return this.#judge(thread, message);
      case 'sealed':
        return this.#sealed(message.task);
      case 'need-buffer':
        return this.#packs.request((buffer) => thread.send({ kind: 'buffer', buffer }, [buffer]));
      case 'pack':
        return this.#packs.send(message.pack);
      case 'flushed':
        if (this.#flushing !== undefined && --this.#flushing.count === 0) this.#flushing.done.resolve();
        return;
      case 'failed':
        return this.#fail(toError(message.failure));
      default:
        message satisfies never;
    }
  }

  #judge(thread: EngineThread, { task, ids, lengths, reports }: Extract<FromWorker, { kind: 'hashed' }>): void {
    const wanted = this.#claims.claimAll('data', ids);
    thread.send({ kind: 'verdict', task, wanted });
    this.#sealing.set(task, () => thread.release());
    const running = this.#running.get(task);
    this.#running.delete(task);
    running?.onHashed({ ids, lengths, wanted }, reports);
  }

  #sealed(task: number): void {
    this.#sealing.get(task)?.();
    this.#sealing.delete(task);
    this.#dispatch();
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    for (const task of [...this.#running.values(), ...this.#queue.drain()]) task.onError(this.#failure);
    this.#running.clear();
    for (const onSealed of this.#sealing.values()) onSealed();
    this.#sealing.clear();
    this.#idle?.resolve();
    this.#flushing?.done.resolve();
  }
}
