/** What a task's module must export as `run`: does the whole task, with synchronous system calls, and answers with plain data. */
export type TaskHandler<Request, Response, Message = never> = (
  request: Request,
  context: TaskContext<Message>,
) => Response | TransferredResponse<Response> | Promise<Response | TransferredResponse<Response>>;

/** What a handler has besides its request. */
export interface TaskContext<Message> {
  /** Sends something to the caller's `onMessage` at once, while the task goes on. */
  post(message: Message, transfer?: readonly ArrayBuffer[]): void;
  /** Whether the caller's signal has aborted: shared memory, so it changes while a handler runs. Cheap enough to ask for every entry. */
  aborted(): boolean;
  /** Throws where `aborted()`; the caller's promise then rejects with its signal's reason. */
  throwIfAborted(): void;
}

/** A response whose buffers move to the main thread instead of being copied. */
export class TransferredResponse<Response> {
  readonly value: Response;
  readonly transfer: readonly ArrayBuffer[];

  constructor(value: Response, transfer: readonly ArrayBuffer[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/** Main thread to worker: one task. */
export interface TaskEnvelope {
  readonly task: string;
  readonly request: unknown;
}

/** Worker to main thread: any number of messages, then one `done` or `failed` for each task. */
export type WorkerAnswer =
  | { readonly kind: 'message'; readonly value: unknown }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

/** A thrown error as plain data. `code` is one of the error table's where a HoldfastError was thrown. */
export interface TaskFailure {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly path?: string;
  readonly stack?: string;
}

/** What a worker is started with: one Int32, set to 1 while its task is to stop. */
export interface WorkerStart {
  readonly abortFlag: Int32Array<SharedArrayBuffer>;
}
