import type { BatchOptions } from '../../contracts/batch.ts';
import type { Content } from '../../contracts/content.ts';
import type { Destination } from '../../contracts/destination.ts';
import { callTable } from '../call-table.ts';
import type { Layer, OwnCalls } from '../layer.ts';
import { contentFacts, observeContent } from '../observe-content.ts';
import { observeStream } from '../observe-stream.ts';
import type { Bandwidth } from './bandwidth.ts';

/** Lets the bytes of reads, writes, patches and batches through as fast as `bandwidth` allows. */
export function bandwidthLayer(bandwidth: Bandwidth): Layer {
  return {
    touches: (name) => name === 'read' || callTable[name].content !== undefined || callTable[name].bytes !== undefined,
    async answer(call, next) {
      if (call.byteCount > 0) await bandwidth.take(call.byteCount, call.signal);
      return next(call.content && { content: limitContent(call.content, bandwidth) });
    },
    stream: (call, next) =>
      observeStream(() => next(), {
        item: (item) => (item instanceof Uint8Array ? bandwidth.take(item.length, call.signal) : undefined),
      }),
    own: (inner) => batchCalls(inner, bandwidth),
  };
}

/** While there is a limit, the destination may not copy the local file by itself: those bytes would not be seen. */
function limitContent(content: Content, bandwidth: Bandwidth): Content {
  const limited = observeContent(content, (signal) => ({ item: (chunk) => bandwidth.take(chunk.length, signal) }));
  if (bandwidth.rate === undefined) return limited;
  const { local: _, ...facts } = contentFacts(content);
  return { ...facts, open: (options) => limited.open(options) };
}

/** The workers of a batch ask for leave themselves. */
function batchCalls(inner: Destination, bandwidth: Bandwidth): OwnCalls {
  const { batch, packedBatch, contentBatch } = inner.capabilities;
  const limited = (options: BatchOptions): BatchOptions => ({
    ...options,
    takeBytes: async (bytes) => {
      await options.takeBytes?.(bytes);
      await bandwidth.take(bytes, options.signal);
    },
  });
  return {
    ...(batch && { 'batch.run': (operations, options) => batch.run(operations, limited(options)) }),
    ...(packedBatch && { 'packedBatch.run': (operations, options) => packedBatch.run(operations, limited(options)) }),
    ...(contentBatch && { 'contentBatch.run': (operations, options) => contentBatch.run(operations, limited(options)) }),
  };
}
