import type { BatchOperation, StoreContentOperation, StoreFilesOperation } from '@holdfast/core/plugin';
import type { BatchAnswer } from './batch-answer.ts';
import type { FailureNote } from '../store/failure-note.ts';
import { tempPrefix } from '../store/temp-name.ts';
import type { BatchEnvironment } from './batch-environment.ts';
import type { BatchContext } from './batch-protocol.ts';
import { CopySender } from './copy-sender.ts';
import type { RunOptions, Sending } from './copy-sender.ts';
import { FileSystemSyncer } from './file-system-syncer.ts';
import { FileColumns } from './file-columns.ts';
import type { EntryOperation } from './entry-operation.ts';
import type { SentColumns } from './sent-columns.ts';
import { OrderedRun } from './ordered-run.ts';
import type { OrderedInput } from './ordered-run.ts';
import { digestFor, movedBytes, PendingRequest } from './pending-request.ts';
import { Publisher } from './publisher.ts';
import { failedResult } from './read-answer.ts';
import { SyncGroup } from './sync-group.ts';

/** A file of this size gets a request of its own, tells of its progress and looks at the bandwidth while it is copied. */
const LARGE_BYTES = 8 * 2 ** 20;
/** A file of this size is made durable by itself, so that nothing else waits for it. */
const ALONE_BYTES = 128 * 2 ** 20;
/** So much is synced at once, and is lost when the machine or the run stops before. */
const SYNC_ENTRIES = 8_000;
const SYNC_BYTES = 128 * 2 ** 20;
const SYNC_AFTER_MS = 2_000;
/** Sync groups that may wait for the disk before no further one begins. */
const WAITING_SYNC_GROUPS = 4;
/** So few files are quicker made durable one by one than by writing out the whole file system. */
const FEW_FILES = 4;

const NO_IMAGES: FailureNote = {
  side: 'source',
  action: 'store',
  code: 'unsupported',
  text: 'it is a disk, which batches do not read',
};

type AnyOperation = BatchOperation | StoreFilesOperation | StoreContentOperation;
type Emit = (results: readonly BatchAnswer[]) => void;

/** One run of a batch, on the main thread: sorts operations into requests and groups to sync, and sees them through. */
export class BatchRun {
  readonly #options: RunOptions;
  readonly #nowMs: () => number;
  readonly #emit: Emit;
  readonly #sender: CopySender;
  readonly #publisher: Publisher;
  readonly #ordered: OrderedRun;
  readonly #incomplete = new Set<SyncGroup>();
  #group: SyncGroup;
  #pending = new PendingRequest();

  constructor(options: RunOptions, environment: BatchEnvironment, emit: Emit) {
    const { rootFd, pool, nowMs } = environment;
    const { preserve, runId, signal } = options;
    const context: BatchContext = { rootFd, tempPrefix: new Uint8Array(tempPrefix(runId)), preserve };
    this.#options = options;
    this.#nowMs = nowMs;
    this.#emit = emit;
    this.#sender = new CopySender(environment, options, context, emit);
    this.#publisher = new Publisher(pool, context, new FileSystemSyncer(rootFd), emit);
    this.#ordered = new OrderedRun(pool, context, emit, signal);
    this.#group = new SyncGroup(nowMs());
  }

  /** Takes an operation. Answers a promise when no further one may come before it resolves. */
  add(operation: AnyOperation): Promise<void> | undefined {
    if (isOrdered(operation)) return this.#addOrdered(operation);
    if (!this.#ordered.isEmpty) return this.#ordered.finish().then(() => this.add(operation));
    if (operation.op === 'store-files') return this.#addFiles(operation);
    if (operation.op === 'store-content') return this.#addContent(operation);
    if (operation.op !== 'store' || operation.entry.kind !== 'directory') return this.#addEntry(operation);
    this.#group.addDirectory(operation);
    return undefined;
  }

  /** Resolves when every operation has its result. */
  async finish(): Promise<void> {
    await this.#finishEntries();
    await this.#ordered.finish();
  }

  /** Ends the run before its time: what has no name yet is removed. Never rejects. */
  async abandon(): Promise<void> {
    this.#sender.failure ??= { reason: new Error('The run was abandoned.') };
    await this.#sender.idle();
    await this.#ordered.finish().catch(() => undefined);
    const groups = [...this.#incomplete, this.#group];
    await Promise.allSettled([...this.#incomplete].map((group) => group.done));
    await Promise.allSettled(groups.map((group) => this.#publisher.discard(group)));
  }

  #addOrdered(operation: OrderedInput): Promise<void> | undefined {
    const hasEntries = this.#pending.count > 0 || !this.#group.isEmpty || this.#incomplete.size > 0;
    if (hasEntries) return this.#finishEntries().then(() => this.#addOrdered(operation));
    return this.#ordered.add(operation, operation.op === 'link' ? this.#sender.takeTemp() : 0);
  }

  #addEntry(operation: EntryOperation): Promise<void> | undefined {
    if (operation.op === 'store' && operation.entry.kind === 'image') {
      this.#emit([failedResult(operation.id, operation.key, NO_IMAGES)]);
      return undefined;
    }
    if (movedBytes(operation) >= LARGE_BYTES) return this.#addLarge(operation);
    this.#pending.add(operation, digestFor(operation, this.#options));
    return this.#pending.isFull ? this.#sendPending(false) : undefined;
  }

  #addContent(operation: StoreContentOperation): Promise<void> | undefined {
    if (operation.entry.kind === 'directory') {
      this.#group.addDirectory(operation);
      return undefined;
    }
    this.#pending.addContent(operation, this.#options.digest);
    return this.#pending.isFull ? this.#sendPending(false) : undefined;
  }

  #addFiles(operation: StoreFilesOperation): Promise<void> | undefined {
    this.#pending.addFiles(new FileColumns(operation, this.#options.digest));
    return this.#pending.isFull ? this.#sendPending(false) : undefined;
  }

  async #addLarge(operation: EntryOperation): Promise<void> {
    await this.#sendPending(false);
    const { columns, bytes } = requestFor([operation], this.#options);
    const alone = bytes >= ALONE_BYTES;
    const group = alone ? new SyncGroup(this.#nowMs()) : this.#group;
    await this.#send(columns, group, { durable: alone, large: operation.id, bytes });
    if (alone) this.#seal(group);
  }

  async #sendPending(durable: boolean): Promise<void> {
    const { columns, bytes } = this.#pending;
    this.#pending = new PendingRequest();
    if (columns.length > 0) await this.#send(columns, this.#group, { durable, bytes });
    const { count, bytes: total, startedMs, isEmpty } = this.#group;
    const isOld = !isEmpty && this.#nowMs() - startedMs >= SYNC_AFTER_MS;
    if (count >= SYNC_ENTRIES || total >= SYNC_BYTES || isOld) await this.#nextGroup();
  }

  #send(columns: readonly SentColumns[], group: SyncGroup, how: Sending): Promise<void> {
    return this.#sender.send(columns, group, how, () => {
      if (group.sealed && group.outstanding === 0) this.#complete(group);
    });
  }

  async #nextGroup(): Promise<void> {
    const group = this.#group;
    this.#group = new SyncGroup(this.#nowMs());
    this.#seal(group);
    while (this.#incomplete.size >= WAITING_SYNC_GROUPS) await Promise.race([...this.#incomplete].map((each) => each.done));
  }

  #seal(group: SyncGroup): void {
    group.sealed = true;
    if (group.isEmpty) return;
    this.#incomplete.add(group);
    if (group.outstanding === 0) this.#complete(group);
  }

  #complete(group: SyncGroup): void {
    group.settle(
      this.#publish(group).catch((error: unknown) => {
        this.#sender.failure ??= { reason: error };
        throw error;
      }),
    );
  }

  async #publish(group: SyncGroup): Promise<void> {
    this.#sender.throwIfFailed();
    const again = await this.#publisher.publish(group);
    if (again.length > 0) await this.#storeInPlace(again);
    this.#incomplete.delete(group);
  }

  /** Below a mount point or a subvolume nothing can be renamed to from outside: there files get their temporary names where they belong. */
  async #storeInPlace(operations: readonly EntryOperation[]): Promise<void> {
    this.#sender.staging = false;
    const group = new SyncGroup(this.#nowMs());
    const { columns, bytes } = requestFor(operations, this.#options);
    await this.#send(columns, group, { durable: false, bytes });
    this.#seal(group);
    await group.done;
  }

  async #finishEntries(): Promise<void> {
    await this.#sendPending(this.#group.isEmpty && this.#pending.count <= FEW_FILES);
    await this.#nextGroup();
    await Promise.all([...this.#incomplete].map((group) => group.done));
    this.#sender.throwIfFailed();
  }
}

function requestFor(operations: readonly EntryOperation[], options: RunOptions): PendingRequest {
  const request = new PendingRequest();
  for (const operation of operations) request.add(operation, digestFor(operation, options));
  return request;
}

/** What must not happen at the same time as anything else, or out of order. */
function isOrdered(operation: AnyOperation): operation is OrderedInput {
  const { op } = operation;
  return op === 'link' || op === 'move' || op === 'remove' || (op === 'metadata' && operation.entry.kind === 'directory');
}
