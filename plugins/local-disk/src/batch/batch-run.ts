import type { BatchOperation, BatchOptions, BatchResult, DigestAlgorithm } from '@holdfast/core/plugin';
import { tempPrefix } from '../store/temp-name.ts';
import { MAKE_NOW } from './batch-protocol.ts';
import type { BatchContext, CopyAnswer, CopyProgress, CopyRequest } from './batch-protocol.ts';
import { FileSystemSyncer } from './file-system-syncer.ts';
import { directoryOf, GroupColumns, isIn } from './group-columns.ts';
import type { EntryOperation } from './group-columns.ts';
import { OrderedRun } from './ordered-run.ts';
import type { OrderedInput } from './ordered-run.ts';
import { Publisher } from './publisher.ts';
import { AnswerReader } from './read-answer.ts';
import type { BatchEnvironment } from './batch-environment.ts';
import { Slots } from './slots.ts';
import { SyncGroup } from './sync-group.ts';
import type { SentGroup, StoreDirectory } from './sync-group.ts';
import { limitCredit } from './transfer-credit.ts';

/** A request to a worker is sent when it holds so much. */
const REQUEST_ENTRIES = 256;
const REQUEST_BYTES = 8 * 2 ** 20;
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

/** One run of a batch, on the main thread: sorts operations into requests, and sees them through. */
export class BatchRun {
  readonly #options: BatchOptions & { readonly signal: AbortSignal };
  readonly #environment: BatchEnvironment;
  readonly #emit: (results: readonly BatchResult[]) => void;
  readonly #context: BatchContext;
  readonly #publisher: Publisher;
  readonly #ordered: OrderedRun;
  readonly #slots: Slots;
  readonly #incomplete = new Set<SyncGroup>();
  #syncGroup: SyncGroup;
  #pending: GroupColumns[] = [];
  #pendingCount = 0;
  #pendingBytes = 0;
  #nextTemp = 0;
  /** New directories are filled under temporary names. */
  #staging = true;
  #failure: { readonly reason: unknown } | undefined;

  constructor(
    options: BatchOptions & { readonly signal: AbortSignal },
    environment: BatchEnvironment,
    emit: (results: readonly BatchResult[]) => void,
  ) {
    const { rootFd, pool } = environment;
    this.#options = options;
    this.#environment = environment;
    this.#emit = emit;
    this.#context = { rootFd, tempPrefix: new Uint8Array(tempPrefix(options.runId)), preserve: options.preserve };
    this.#publisher = new Publisher(pool, this.#context, new FileSystemSyncer(rootFd), emit);
    this.#ordered = new OrderedRun(pool, this.#context, emit, options.signal);
    // One more than there are threads, so that none has to wait for the main thread.
    this.#slots = new Slots(options.concurrency ?? pool.size + 1);
    this.#syncGroup = new SyncGroup(environment.nowMs());
  }

  /** Takes an operation. Answers a promise when no further one may come before it resolves. */
  add(operation: BatchOperation): Promise<void> | undefined {
    if (isOrdered(operation)) return this.#addOrdered(operation);
    if (!this.#ordered.isEmpty) return this.#ordered.finish().then(() => this.add(operation));
    if (operation.op === 'store' && operation.entry.kind === 'directory') {
      this.#syncGroup.directories.push(operation);
      this.#syncGroup.count++;
      return undefined;
    }
    return this.#addEntry(operation);
  }

  /** Resolves when every operation has its result. */
  async finish(): Promise<void> {
    await this.#finishEntries();
    await this.#ordered.finish();
  }

  /** Ends the run before its time: what has no name yet is removed. Never rejects. */
  async abandon(): Promise<void> {
    this.#failure ??= { reason: new Error('The run was abandoned.') };
    await this.#slots.idle();
    await this.#ordered.finish().catch(() => undefined);
    const groups = [...this.#incomplete, this.#syncGroup];
    await Promise.allSettled([...this.#incomplete].map((group) => group.done));
    await Promise.allSettled(groups.map((group) => this.#publisher.discard(group)));
  }

  #addOrdered(operation: OrderedInput): Promise<void> | undefined {
    if (this.#hasEntries) return this.#finishEntries().then(() => this.#addOrdered(operation));
    return this.#ordered.add(operation, operation.op === 'link' ? this.#nextTemp++ : 0);
  }

  get #hasEntries(): boolean {
    return this.#pendingCount > 0 || !this.#syncGroup.isEmpty || this.#incomplete.size > 0;
  }

  #addEntry(operation: EntryOperation): Promise<void> | undefined {
    const size = movedBytes(operation);
    const digest = this.#digestFor(operation);
    if (size >= LARGE_BYTES) return this.#addLarge(operation, size, digest);
    let columns = this.#pending.at(-1);
    if (columns === undefined || !isIn(operation.key, columns.directory) || !columns.takes(operation, digest)) {
      columns = new GroupColumns(directoryOf(operation.key), operation, digest);
      this.#pending.push(columns);
    }
    columns.add(operation);
    this.#pendingBytes += size;
    if (++this.#pendingCount < REQUEST_ENTRIES && this.#pendingBytes < REQUEST_BYTES) return undefined;
    return this.#sendPending(false);
  }

  #digestFor(operation: EntryOperation): DigestAlgorithm | undefined {
    return operation.op === 'inspect' ? operation.digest : this.#options.digest;
  }

  async #addLarge(operation: EntryOperation, size: number, digest: DigestAlgorithm | undefined): Promise<void> {
    await this.#sendPending(false);
    const columns = new GroupColumns(directoryOf(operation.key), operation, digest);
    columns.add(operation);
    const alone = size >= ALONE_BYTES;
    const group = alone ? new SyncGroup(this.#environment.nowMs()) : this.#syncGroup;
    await this.#send([columns], group, { durable: alone, large: operation.id, bytes: size });
    if (alone) this.#seal(group);
  }

  async #sendPending(durable: boolean): Promise<void> {
    const columns = this.#pending;
    const bytes = this.#pendingBytes;
    this.#pending = [];
    this.#pendingCount = 0;
    this.#pendingBytes = 0;
    if (columns.length > 0) await this.#send(columns, this.#syncGroup, { durable, bytes });
    const { count, bytes: total, startedMs } = this.#syncGroup;
    if (count >= SYNC_ENTRIES || total >= SYNC_BYTES || (count > 0 && this.#environment.nowMs() - startedMs >= SYNC_AFTER_MS))
      await this.#nextSyncGroup();
  }

  async #nextSyncGroup(): Promise<void> {
    const group = this.#syncGroup;
    this.#syncGroup = new SyncGroup(this.#environment.nowMs());
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
    const work = this.#failure === undefined ? this.#publisher.publish(group) : Promise.reject(this.#failure.reason);
    group.settle(
      work
        .then((again) => (again.length === 0 ? undefined : this.#storeInPlace(again)))
        .then(
          () => void this.#incomplete.delete(group),
          (error: unknown) => {
            this.#failure ??= { reason: error };
            throw error;
          },
        ),
    );
  }

  /** Below a mount point or a subvolume nothing can be renamed to from outside: there files get their temporary names where they belong. */
  async #storeInPlace(operations: readonly EntryOperation[]): Promise<void> {
    this.#staging = false;
    const group = new SyncGroup(this.#environment.nowMs());
    for (const operation of operations) {
      const columns = new GroupColumns(directoryOf(operation.key), operation, this.#options.digest);
      columns.add(operation);
      await this.#send([columns], group, { durable: false, bytes: columns.bytes });
    }
    this.#seal(group);
    await group.done;
  }

  async #send(
    columns: readonly GroupColumns[],
    group: SyncGroup,
    how: { durable: boolean; large?: number; bytes: number },
  ): Promise<void> {
    await this.#slots.take();
    try {
      this.#throwIfFailed();
      if (how.large === undefined) await this.#options.takeBytes?.(how.bytes);
    } catch (error) {
      this.#slots.give();
      throw error;
    }
    const sent = columns.map((each) => this.#prepare(each, group));
    for (const { columns: each } of sent) {
      group.count += each.operations.length;
      group.bytes += each.bytes;
      if (each.stores && !how.durable) group.needsSync = true;
    }
    group.sent.push(...sent);
    group.outstanding++;
    void this.#ask(sent, group, how);
  }

  #prepare(columns: GroupColumns, { stages }: SyncGroup): SentGroup {
    const { directory } = columns;
    let stage = MAKE_NOW;
    if (this.#staging && columns.stores && directory !== '') {
      stage = stages.get(directory) ?? this.#nextTemp++;
      stages.set(directory, stage);
    }
    const group = columns.finish(stage, this.#nextTemp);
    this.#nextTemp += columns.operations.length;
    return { columns, group };
  }

  async #ask(sent: readonly SentGroup[], group: SyncGroup, how: { durable: boolean; large?: number }): Promise<void> {
    const { pool } = this.#environment;
    const { signal, takeBytes, onProgress } = this.#options;
    const { large } = how;
    const credit = large === undefined || takeBytes === undefined ? undefined : limitCredit(takeBytes);
    const request: CopyRequest = {
      kind: 'copy',
      context: this.#context,
      groups: sent.map((each) => each.group),
      durable: how.durable,
      watched: large !== undefined,
      ...(credit === undefined ? {} : { credit: credit.memory }),
    };
    const onMessage = ({ moved }: CopyProgress): void => {
      if (large !== undefined) onProgress?.(large, moved);
      credit?.refill(moved);
    };
    try {
      const transfer = request.groups.map(({ expected }) => expected.buffer as ArrayBuffer);
      const answers = await pool.run<CopyAnswer, CopyProgress>('batch', request, { signal, onMessage, transfer });
      sent.forEach((each, index) => {
        each.reader = new AnswerReader(answers[index]!, each.columns.operations, each.group.digest);
        this.#emit(each.reader.finalResults());
      });
    } catch (error) {
      this.#failure ??= { reason: error };
    } finally {
      credit?.end();
      this.#slots.give();
      group.outstanding--;
      if (group.sealed && group.outstanding === 0) this.#complete(group);
    }
  }

  async #finishEntries(): Promise<void> {
    const few = this.#syncGroup.isEmpty && this.#pendingCount <= FEW_FILES;
    await this.#sendPending(few);
    await this.#nextSyncGroup();
    await Promise.all([...this.#incomplete].map((group) => group.done));
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    this.#options.signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.reason;
  }
}

/** What must not happen at the same time as anything else, or out of order. */
function isOrdered(operation: BatchOperation): operation is OrderedInput {
  const { op } = operation;
  return op === 'link' || op === 'move' || op === 'remove' || (op === 'metadata' && operation.entry.kind === 'directory');
}

/** Bytes that the operation moves through memory, roughly. */
function movedBytes(operation: EntryOperation): number {
  if (operation.op === 'inspect' || operation.op === 'metadata') return 0;
  return operation.entry.kind === 'file' ? Number(operation.entry.size) : 0;
}
