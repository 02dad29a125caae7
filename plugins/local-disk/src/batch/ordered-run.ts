import { encodeText } from '@holdfast/core/plugin';
import type { BatchOperation, BatchResult } from '@holdfast/core/plugin';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { BatchContext, OrderedAnswer, OrderedOperation } from './batch-protocol.ts';
import { failedResult } from './read-answer.ts';

export type OrderedInput = Extract<BatchOperation, { op: 'link' | 'move' | 'remove' | 'metadata' }>;

/** Operations in one request; short enough that an abort is noticed soon and results come in. */
const PER_REQUEST = 512;

/** Operations that are carried out one after the other, in the order in which they come. */
export class OrderedRun {
  readonly #pool: WorkerPool;
  readonly #context: BatchContext;
  readonly #emit: (results: readonly BatchResult[]) => void;
  readonly #signal: AbortSignal;
  #inputs: OrderedInput[] = [];
  #operations: OrderedOperation[] = [];
  #last: Promise<void> = Promise.resolve();
  #running = 0;

  constructor(pool: WorkerPool, context: BatchContext, emit: (results: readonly BatchResult[]) => void, signal: AbortSignal) {
    this.#pool = pool;
    this.#context = context;
    this.#emit = emit;
    this.#signal = signal;
  }

  get isEmpty(): boolean {
    return this.#inputs.length === 0 && this.#running === 0;
  }

  /** @param temp number of a temporary name that a link may use */
  add(input: OrderedInput, temp: number): Promise<void> | undefined {
    this.#inputs.push(input);
    this.#operations.push(encode(input, temp));
    return this.#inputs.length < PER_REQUEST ? undefined : this.#send();
  }

  /** Resolves when all have their results. Rejects when a worker fails as such, and on abort. */
  async finish(): Promise<void> {
    if (this.#inputs.length > 0) await this.#send();
    await this.#last;
  }

  /** Resolves when the one before has ended, so that at most one waits. */
  async #send(): Promise<void> {
    const inputs = this.#inputs;
    const request = { kind: 'ordered', context: this.#context, operations: this.#operations };
    this.#inputs = [];
    this.#operations = [];
    const before = this.#last;
    this.#running++;
    this.#last = before.then(async () => {
      const answers = await this.#pool.run<readonly OrderedAnswer[]>('batch', request, { signal: this.#signal });
      this.#emit(inputs.map((input, index) => resultOf(input, answers[index]!)));
      this.#running--;
    });
    this.#last.catch(() => undefined);
    await before;
  }
}

function encode(input: OrderedInput, temp: number): OrderedOperation {
  const key = encodeText(input.key);
  switch (input.op) {
    case 'link':
      return { op: 'link', key, existing: encodeText(input.existing), temp, ...displacement(input.displaceTo) };
    case 'move':
      return { op: 'move', key, to: encodeText(input.to), ...displacement(input.displaceTo) };
    case 'remove':
      return { op: 'remove', key };
    case 'metadata': {
      const { root, path, dev, ino } = input.local;
      return { op: 'directory-metadata', key, sourceRoot: encodeText(root), sourcePath: encodeText(path), dev, ino };
    }
    default:
      return input satisfies never;
  }
}

function displacement(key: string | undefined): { displaceTo?: Uint8Array } {
  return key === undefined ? {} : { displaceTo: encodeText(key) };
}

function resultOf(input: OrderedInput, { failure, stat, sourceTimes, displaced, notKept }: OrderedAnswer): BatchResult {
  if (failure !== undefined) return failedResult(input.id, input.key, failure);
  return {
    id: input.id,
    ...(stat === undefined ? {} : { stat }),
    ...(sourceTimes === undefined ? {} : { sourceTimes }),
    ...(displaced === true ? { displaced } : {}),
    ...(notKept === undefined || notKept.length === 0 ? {} : { notKept }),
  };
}
