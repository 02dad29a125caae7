import { parentPort, workerData } from 'node:worker_threads';
import { loadTask } from './task-table.ts';
import { TransferredResponse } from './worker-protocol.ts';
import type { TaskContext, TaskEnvelope, TaskFailure, WorkerAnswer, WorkerStart } from './worker-protocol.ts';

/** The program of a pool's thread. It imports next to nothing, so that a thread is ready soon; a task's module is loaded when first asked for. */
const port = parentPort;
if (port === null) throw new Error('worker-main runs in a worker thread only.');
const { abortFlag } = workerData as WorkerStart;

const context: TaskContext<unknown> = {
  post: (value, transfer) => answer({ kind: 'message', value }, transfer),
  aborted: () => Atomics.load(abortFlag, 0) !== 0,
  throwIfAborted: () => {
    if (context.aborted()) throw new Error('The task was aborted.');
  },
};

port.on('message', (envelope: TaskEnvelope) => void runTask(envelope));

async function runTask({ task, request }: TaskEnvelope): Promise<void> {
  try {
    const { run } = await loadTask(task);
    const result = await run(request, context);
    if (result instanceof TransferredResponse) answer({ kind: 'done', value: result.value }, result.transfer);
    else answer({ kind: 'done', value: result });
  } catch (error) {
    answer({ kind: 'failed', failure: describeFailure(error) });
  }
}

function answer(message: WorkerAnswer, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

/** Plain data, because an error's class and fields do not survive the way between threads. */
function describeFailure(error: unknown): TaskFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, hint, path } = error as Error & { code?: string; hint?: string; path?: string };
  const ours = error.name === 'HoldfastError';
  return {
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(ours && code !== undefined ? { code } : {}),
    ...(ours && hint !== undefined ? { hint } : {}),
    ...(ours && path !== undefined ? { path } : {}),
  };
}
