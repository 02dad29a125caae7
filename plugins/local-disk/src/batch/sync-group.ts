import type { BatchOperation, RelPath } from '@holdfast/core/plugin';
import type { Group } from './batch-protocol.ts';
import type { SentColumns } from './sent-columns.ts';
import type { AnswerReader } from './read-answer.ts';

/** The making of a directory. */
type StoreDirectory = Pick<Extract<BatchOperation, { op: 'store' }>, 'id' | 'key' | 'displaceTo'>;

/** A group that was sent to a worker. */
export interface SentGroup {
  readonly columns: SentColumns;
  readonly group: Group;
  /** Once the worker has answered. */
  reader?: AnswerReader;
}

/** What is synced, and then gets its names, together. */
export class SyncGroup {
  readonly directories: StoreDirectory[] = [];
  readonly sent: SentGroup[] = [];
  /** Numbers of the temporary directories that stand for directories that do not exist yet. */
  readonly stages = new Map<RelPath, number>();
  readonly startedMs: number;
  count = 0;
  bytes = 0;
  /** Requests without an answer. */
  outstanding = 0;
  /** Nothing more is added. */
  sealed = false;
  /** Some file was written that no worker has made durable by itself. */
  needsSync = false;
  readonly #done = Promise.withResolvers<void>();

  constructor(startedMs: number) {
    this.startedMs = startedMs;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  addDirectory(operation: StoreDirectory): void {
    this.directories.push(operation);
    this.count++;
  }

  /** @param durable the worker makes its files durable by itself */
  addSent(sent: readonly SentGroup[], durable: boolean): void {
    this.sent.push(...sent);
    this.outstanding++;
    for (const { columns } of sent) {
      this.count += columns.count;
      this.bytes += columns.bytes;
      if (columns.stores && !durable) this.needsSync = true;
    }
  }

  /** Resolves when everything in it has its name; rejects when the run ends before. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  settle(work: Promise<void>): void {
    work.then(this.#done.resolve, this.#done.reject);
    // Who waits for it hears of it; nobody may be waiting yet.
    this.#done.promise.catch(() => undefined);
  }
}
