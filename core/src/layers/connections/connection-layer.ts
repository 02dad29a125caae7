import type { BatchOptions } from '../../contracts/batch.ts';
import type { Content } from '../../contracts/content.ts';
import type { Destination } from '../../contracts/destination.ts';
import { isHoldfastError } from '../../errors/holdfast-error.ts';
import type { Call, Layer, Next, OwnCalls } from '../layer.ts';
import { contentFacts } from '../observe-content.ts';
import type { ConnectionLimit, Slot } from './connection-limit.ts';

const batchNames: ReadonlySet<string> = new Set(['batch.run', 'packedBatch.run', 'contentBatch.run']);

/**
 * Keeps calls within `limit`. A read holds a connection from its first byte to its last. A listing holds one only while a page is
 * fetched, so that its reader can make calls about what it got. A batch is limited by its own number of workers.
 */
export function connectionLayer(limit: ConnectionLimit): Layer {
  return {
    touches: (name) => !batchNames.has(name),
    async answer<T>(call: Call, next: Next<Promise<T>>): Promise<T> {
      using slot = await limit.enter(call.signal);
      const { content } = call;
      const run = content === undefined ? next : () => limit.runInside(() => next({ content: openInside(limit, content) }));
      const answer = await judge(limit, slot, run);
      limit.widen();
      return answer;
    },
    stream: (call, next) => (call.name === 'read' ? heldStream(limit, call, next) : pagedStream(limit, call, next)),
    own: (inner) => batchCalls(inner, limit),
  };
}

/** Makes a call and narrows the limit when it was too much. */
async function judge<T>(limit: ConnectionLimit, slot: Slot | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const tooMuch = isHoldfastError(error, 'throttled') || isHoldfastError(error, 'timed-out');
    if (tooMuch && slot !== undefined) limit.narrow(slot);
    throw error;
  }
}

async function* heldStream<T>(limit: ConnectionLimit, call: Call, next: Next<AsyncIterable<T>>): AsyncGenerator<T> {
  using slot = await limit.enter(call.signal);
  const items = next()[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const result = await judge(limit, slot, () => items.next());
      if (result.done === true) {
        ended = true;
        limit.widen();
        return;
      }
      if (slot !== undefined) limit.setIdle(true);
      try {
        yield result.value;
      } finally {
        if (slot !== undefined) limit.setIdle(false);
      }
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await items.return?.();
  }
}

async function* pagedStream<T>(limit: ConnectionLimit, call: Call, next: Next<AsyncIterable<T>>): AsyncGenerator<T> {
  const items = next()[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const result = await enterFor(limit, call, () => items.next());
      ended = result.done === true;
      if (result.done === true) return;
      yield result.value;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await items.return?.();
  }
}

async function enterFor<T>(limit: ConnectionLimit, call: Call, run: () => Promise<T>): Promise<T> {
  using slot = await limit.enter(call.signal);
  const answer = await judge(limit, slot, run);
  limit.widen();
  return answer;
}

/** A write that copies within the destination reads from it: that read must not wait for the slot that the write has. */
function openInside(limit: ConnectionLimit, content: Content): Content {
  return {
    ...contentFacts(content),
    open: (options) => {
      const chunks = limit.runInside(() => content.open(options)[Symbol.asyncIterator]());
      const iterator: AsyncIterableIterator<Uint8Array> = {
        next: () => limit.runInside(() => chunks.next()),
        return: (value?: unknown) =>
          limit.runInside(() => chunks.return?.(value)) ?? Promise.resolve({ done: true, value: undefined }),
        [Symbol.asyncIterator]: () => iterator,
      };
      return iterator;
    },
  };
}

function batchCalls(inner: Destination, limit: ConnectionLimit): OwnCalls {
  const { batch, packedBatch, contentBatch } = inner.capabilities;
  const limited = (options: BatchOptions): BatchOptions => {
    const asked = options.concurrency ?? limit.most;
    return asked <= limit.current ? options : { ...options, concurrency: limit.current };
  };
  return {
    ...(batch && { 'batch.run': (operations, options) => batch.run(operations, limited(options)) }),
    ...(packedBatch && { 'packedBatch.run': (operations, options) => packedBatch.run(operations, limited(options)) }),
    ...(contentBatch && { 'contentBatch.run': (operations, options) => contentBatch.run(operations, limited(options)) }),
  };
}
