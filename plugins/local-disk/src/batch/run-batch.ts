import type {
  BatchOperation,
  BatchOptions,
  BatchResult,
  StoreContentOperation,
  StoreFilesOperation,
} from '@holdfast/core/plugin';
import type { BatchAnswer } from './batch-answer.ts';
import type { BatchEnvironment } from './batch-environment.ts';
import { BatchRun } from './batch-run.ts';
import { ResultQueue } from './result-queue.ts';

/** Arrays of results that may wait for the caller before no further operation is begun. */
const WAITING_RESULTS = 64;

/** `run` of a local disk's batch and content batch: without packed operations there are no packed results. */
export function runBatch(
  operations: AsyncIterable<readonly (BatchOperation | StoreContentOperation)[]>,
  options: BatchOptions,
  environment: BatchEnvironment,
): AsyncIterable<readonly BatchResult[]> {
  return runPackedBatch(operations, options, environment) as AsyncIterable<readonly BatchResult[]>;
}

/** `PackedBatchCapability.run` of a local disk. */
export async function* runPackedBatch(
  operations: AsyncIterable<readonly (BatchOperation | StoreFilesOperation | StoreContentOperation)[]>,
  options: BatchOptions,
  environment: BatchEnvironment,
): AsyncGenerator<readonly BatchAnswer[]> {
  const queue = new ResultQueue<readonly BatchAnswer[]>();
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, environment.closing, ...(options.signal === undefined ? [] : [options.signal])]);
  signal.throwIfAborted();
  const run = new BatchRun({ ...options, signal }, environment, (results) => {
    if (results.length > 0) queue.push(results);
  });
  const working = feed(run, operations, queue, signal);
  environment.holdFor(working);
  try {
    yield* queue;
  } finally {
    // The caller may stop asking before the end.
    left.abort();
    await working;
  }
}

async function feed(
  run: BatchRun,
  operations: AsyncIterable<readonly (BatchOperation | StoreFilesOperation | StoreContentOperation)[]>,
  queue: ResultQueue<readonly BatchAnswer[]>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const list of operations) {
      signal.throwIfAborted();
      for (const operation of list) {
        const waiting = run.add(operation);
        if (waiting !== undefined) await waiting;
      }
      await queue.room(WAITING_RESULTS);
    }
    await run.finish();
    queue.end();
  } catch (error) {
    await run.abandon();
    queue.fail(error);
  }
}
