import type { BatchOptions } from '@holdfast/core/plugin';
import type { BatchAnswer } from './batch-answer.ts';
import type { BatchEnvironment } from './batch-environment.ts';
import { MAKE_NOW } from './batch-protocol.ts';
import type { BatchContext, CopyAnswer, CopyProgress, CopyRequest } from './batch-protocol.ts';
import type { SentColumns } from './sent-columns.ts';
import { AnswerReader } from './read-answer.ts';
import { Slots } from './slots.ts';
import type { SentGroup, SyncGroup } from './sync-group.ts';
import { limitCredit } from './transfer-credit.ts';

export type RunOptions = BatchOptions & { readonly signal: AbortSignal };

/** How a request is sent. */
export interface Sending {
  /** The worker makes each file durable by itself. */
  readonly durable: boolean;
  /** Bytes that it moves. */
  readonly bytes: number;
  /** It is about one large file, of the operation with this id: told of while it is copied, and under the bandwidth limit piece by piece. */
  readonly large?: number;
}

/** Sends copy requests to workers, as many at once as may be, and hands on what is final in their answers. */
export class CopySender {
  /** New directories are filled under temporary names. */
  staging = true;
  /** Why the run as a whole cannot go on. */
  failure: { readonly reason: unknown } | undefined;
  readonly #environment: BatchEnvironment;
  readonly #options: RunOptions;
  readonly #context: BatchContext;
  readonly #emit: (results: readonly BatchAnswer[]) => void;
  readonly #slots: Slots;
  #nextTemp = 0;

  constructor(
    environment: BatchEnvironment,
    options: RunOptions,
    context: BatchContext,
    emit: (results: readonly BatchAnswer[]) => void,
  ) {
    this.#environment = environment;
    this.#options = options;
    this.#context = context;
    this.#emit = emit;
    // One more than there are threads, so that none has to wait for the main thread.
    this.#slots = new Slots(options.concurrency ?? environment.pool.size + 1);
  }

  /** The number of a temporary name that nothing else has. */
  takeTemp(count = 1): number {
    const first = this.#nextTemp;
    this.#nextTemp += count;
    return first;
  }

  /** Resolves when the request is sent. `onAnswer` is called when it was answered, or failed. */
  async send(columns: readonly SentColumns[], group: SyncGroup, how: Sending, onAnswer: () => void): Promise<void> {
    await this.#slots.take();
    let sent: readonly SentGroup[];
    try {
      this.throwIfFailed();
      if (how.large === undefined) await this.#options.takeBytes?.(how.bytes);
      sent = columns.map((each) => this.#prepare(each, group));
    } catch (error) {
      this.#slots.give();
      throw error;
    }
    group.addSent(sent, how.durable);
    void this.#ask(sent, how).finally(() => {
      this.#slots.give();
      group.outstanding--;
      onAnswer();
    });
  }

  throwIfFailed(): void {
    this.#options.signal.throwIfAborted();
    if (this.failure !== undefined) throw this.failure.reason;
  }

  /** Resolves when nothing is sent any more. */
  idle(): Promise<void> {
    return this.#slots.idle();
  }

  #prepare(columns: SentColumns, { stages }: SyncGroup): SentGroup {
    const { directory } = columns;
    let stage = MAKE_NOW;
    if (this.staging && columns.stores && directory !== '') {
      stage = stages.get(directory) ?? this.takeTemp();
      stages.set(directory, stage);
    }
    return { columns, group: columns.finish(stage, this.takeTemp(columns.count)) };
  }

  async #ask(sent: readonly SentGroup[], { durable, large }: Sending): Promise<void> {
    const { signal, takeBytes, onProgress } = this.#options;
    const groups = sent.map(({ group }) => group);
    const credit = large === undefined || takeBytes === undefined ? undefined : limitCredit(takeBytes);
    const limit = credit === undefined ? {} : { credit: credit.memory };
    const request: CopyRequest = {
      kind: 'copy',
      context: this.#context,
      groups,
      durable,
      watched: large !== undefined,
      ...limit,
    };
    const onMessage = ({ moved }: CopyProgress): void => {
      if (large !== undefined) onProgress?.(large, moved);
      credit?.refill(moved);
    };
    const transfer = groups.flatMap(({ expected, contents }) => [
      ...('buffer' in expected ? [expected.buffer as ArrayBuffer] : []),
      ...(contents === undefined ? [] : [contents.memory.buffer as ArrayBuffer]),
    ]);
    try {
      const answers = await this.#environment.pool.run<CopyAnswer, CopyProgress>('batch', request, {
        signal,
        onMessage,
        transfer,
      });
      sent.forEach((each, index) => {
        each.reader = new AnswerReader(answers[index]!, each.columns, each.group.digest);
        this.#emit(each.reader.finalResults());
      });
    } catch (error) {
      this.failure ??= { reason: error };
    } finally {
      credit?.end();
    }
  }
}
