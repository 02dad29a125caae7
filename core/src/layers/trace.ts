import type { RelPath } from '../contracts/rel-path.ts';
import type { Clock } from '../environment/clock.ts';
import { type ErrorCode } from '../errors/error-table.ts';
import { toHoldfastError } from '../errors/holdfast-error.ts';
import type { CallName } from './call-table.ts';
import type { Call, Layer, Next } from './layer.ts';
import { observeContent } from './observe-content.ts';
import { observeStream } from './observe-stream.ts';

/**
 * One call that reached the destination, each attempt on its own. Only what is named here is traced: no message, metadata, note,
 * link target or option, so that no secret can be among it.
 */
export interface TraceRecord {
  /** The destination's `displayName`. */
  readonly destination: string;
  readonly call: CallName;
  readonly key: RelPath;
  /** From the call to its answer, or to the end of its stream with the time its reader took. */
  readonly durationMs: number;
  /** Bytes of content that passed through this thread. */
  readonly bytes: number;
  /** Answers of a stream: chunks, pages, blocks. */
  readonly items: number;
  /** Absent when it worked. */
  readonly error?: ErrorCode;
}

/** Takes records; must not throw. */
export type TraceSink = (record: TraceRecord) => void;

/** Tells `sink` of every call. */
export function traceLayer(destination: string, sink: TraceSink, clock: Clock): Layer {
  const begin = (call: CallName, key: RelPath) => {
    const startedMs = clock.monotonicMs();
    return (bytes: number, items: number, failure?: unknown): void => {
      const error = failure === undefined ? {} : { error: toHoldfastError(failure).code };
      sink({ destination, call, key, durationMs: clock.monotonicMs() - startedMs, bytes, items, ...error });
    };
  };
  return {
    touches: () => true,
    async answer(call, next) {
      const end = begin(call.name, call.key);
      let bytes = call.byteCount;
      const content = call.content && observeContent(call.content, () => ({ item: (chunk) => void (bytes += chunk.length) }));
      try {
        const answer = await next(content && { content });
        end(bytes, 0);
        return answer;
      } catch (error) {
        end(bytes, 0, error);
        throw error;
      }
    },
    stream<T>(call: Call, next: Next<AsyncIterable<T>>) {
      const end = begin(call.name, call.key);
      let bytes = 0;
      let items = 0;
      const item = (value: unknown): undefined => {
        items++;
        if (value instanceof Uint8Array) bytes += value.length;
      };
      return observeStream<T>(() => next(), { item, end: (error) => end(bytes, items, error) });
    },
  };
}
