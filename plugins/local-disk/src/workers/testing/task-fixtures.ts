import { isMainThread } from 'node:worker_threads';
import { TransferredResponse } from '../worker-protocol.ts';
import type { TaskContext } from '../worker-protocol.ts';

/** What the pool's tests run in a thread. */
export type FixtureRequest =
  | { do: 'echo'; value: unknown }
  | { do: 'fail'; code?: string }
  | { do: 'exit' }
  | { do: 'crash' }
  | { do: 'post'; count: number }
  | { do: 'transfer'; bytes: Uint8Array<ArrayBuffer> }
  | { do: 'spin' }
  | { do: 'sleep'; ms: number };

export async function run(request: FixtureRequest, context: TaskContext<number>): Promise<unknown> {
  if (isMainThread) throw new Error('This is the main thread.');
  switch (request.do) {
    case 'echo':
      return request.value;
    case 'fail':
      throw Object.assign(
        new Error('It failed.'),
        request.code === undefined ? {} : { name: 'HoldfastError', code: request.code, hint: 'Mend it.', path: 'a/b' },
      );
    case 'exit':
      return process.exit(3);
    case 'crash':
      setTimeout(() => {
        throw new Error('Nobody catches this.');
      });
      return new Promise(() => undefined);
    case 'post':
      for (let index = 0; index < request.count; index++) context.post(index);
      return request.count;
    case 'transfer':
      return new TransferredResponse(request.bytes, [request.bytes.buffer]);
    case 'spin':
      context.post(0);
      for (;;) context.throwIfAborted();
    case 'sleep':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, request.ms);
      return request.ms;
    default:
      return request satisfies never;
  }
}
