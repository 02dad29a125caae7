import type { EngineTask } from './engine-task.ts';
import { FileBatch, type WaitingFile } from './file-batch.ts';
import { LargeFile } from './large-file.ts';

/** A batch is so many files at most: enough to make its messages cheap, few enough to share them out. */
const BATCH_FILES = 128;
/** And about so many bytes, unless one file has more. */
const BATCH_BYTES = 2 << 20;

/** What waits for a thread: pieces of what has begun first, then files in the order in which they came. */
export class TaskQueue {
  readonly #slotBytes: number;
  readonly #onWork: () => void;
  readonly #begun: EngineTask[] = [];
  readonly #files: WaitingFile[] = [];
  #filesTaken = 0;

  /** Files above `slotBytes` go in pieces. `onWork` is called when there is something new. */
  constructor(slotBytes: number, onWork: () => void) {
    this.#slotBytes = slotBytes;
    this.#onWork = onWork;
  }

  get isEmpty(): boolean {
    return this.#begun.length === 0 && this.#filesTaken === this.#files.length;
  }

  addFile(waiting: WaitingFile): void {
    this.#files.push(waiting);
    this.#onWork();
  }

  add(task: EngineTask): void {
    this.#begun.push(task);
    this.#onWork();
  }

  take(): EngineTask | undefined {
    while (this.#begun.length === 0 && this.#filesTaken < this.#files.length) {
      const batch = this.#takeBatch();
      if (batch.length > 0) return new FileBatch(batch, (grown) => this.#begin(grown));
    }
    return this.#begun.shift();
  }

  /** Takes everything. */
  drain(): EngineTask[] {
    const rest = new FileBatch(this.#files.splice(this.#filesTaken), () => undefined);
    return [...this.#begun.splice(0), rest];
  }

  /** The next files that go together; none where the next is large, which is begun then. */
  #takeBatch(): WaitingFile[] {
    const batch: WaitingFile[] = [];
    let bytes = 0;
    for (;;) {
      const next = this.#files[this.#filesTaken];
      if (next === undefined || batch.length === BATCH_FILES || bytes + next.size > (batch.length === 0 ? Infinity : BATCH_BYTES))
        break;
      if (next.size > this.#slotBytes) {
        if (batch.length === 0) this.#begin(this.#next());
        break;
      }
      const waiting = this.#next();
      if (waiting.signal?.aborted === true) {
        waiting.reject(waiting.signal.reason);
        continue;
      }
      batch.push(waiting);
      bytes += waiting.size;
    }
    return batch;
  }

  #next(): WaitingFile {
    const waiting = this.#files[this.#filesTaken++] as WaitingFile;
    if (this.#filesTaken === 1024) {
      this.#files.splice(0, this.#filesTaken);
      this.#filesTaken = 0;
    }
    return waiting;
  }

  #begin(waiting: WaitingFile): void {
    new LargeFile(waiting, (task) => this.add(task)).begin();
  }
}
