import type { Clock } from '../environment/clock.ts';
import type { CallName } from './call-table.ts';
import type { Call, Layer, Next } from './layer.ts';
import { linkSignals } from './link-signals.ts';
import { observeContent } from './observe-content.ts';
import { StallWatch, type Watched } from './stall-watch.ts';

export interface StallOptions {
  /** A call that moves no byte for so long has stalled, milliseconds. */
  readonly stallMs: number;
  /** The same for calls during which the destination works without a sign of it: copies, digests, flushes, the end of a write. */
  readonly workMs: number;
}

/** A slow disk may keep a write waiting for minutes, and needs hours to copy or to read through what is large. */
export const defaultStall: StallOptions = { stallMs: 300_000, workMs: 7_200_000 };

/**
 * `moves`: stallMs. `works`: workMs. `free`: not watched, since it may rightly take for ever or is told of by other means: the
 * operations of a batch are carried out by the destination's own workers, and waiting for a lock is the caller's affair.
 */
const paces: Readonly<Record<CallName, 'moves' | 'works' | 'free'>> = {
  'stat': 'moves',
  'read': 'moves',
  'write': 'moves',
  'flush': 'works',
  'remove': 'works',
  'list': 'moves',
  'directories.create': 'moves',
  'directories.scan': 'works',
  'metadata.apply': 'moves',
  'metadata.read': 'moves',
  'links.symlink': 'moves',
  'links.hardLink': 'moves',
  'special.create': 'moves',
  'move': 'works',
  'copy': 'works',
  'cloneFrom': 'works',
  'extents': 'moves',
  'patch.begin': 'works',
  'patch.writeAt': 'moves',
  'patch.setSize': 'works',
  'patch.commit': 'works',
  'patch.discard': 'works',
  'digests.compute': 'works',
  'createOnly.create': 'moves',
  'retention.protectUntil': 'moves',
  'usage.usage': 'moves',
  'lock.acquire': 'free',
  'batch.run': 'free',
  'packedBatch.run': 'free',
  'contentBatch.run': 'free',
};

/** A call during which nothing moves rejects with `timed-out`, also when the destination never answers at all. */
export function stallLayer(options: StallOptions, clock: Clock): Layer {
  const watch = new StallWatch(clock, options.stallMs / 4);
  const limitOf = (call: Call): number => (paces[call.name] === 'works' ? options.workMs : options.stallMs);
  return {
    touches: (name) => paces[name] !== 'free',
    async answer<T>(call: Call, next: Next<Promise<T>>): Promise<T> {
      using linked = linkSignals(call.signal);
      using watched = watch.start(call, limitOf(call), linked.abort);
      const content = call.content && watchContent(call, watched, options);
      const answer = next({ signal: linked.signal, ...(content && { content }) });
      try {
        return await watched.settle(answer);
      } catch (error) {
        if (call.name === 'patch.begin') void discardLate(answer);
        throw error;
      }
    },
    async *stream<T>(call: Call, next: Next<AsyncIterable<T>>) {
      using linked = linkSignals(call.signal);
      using watched = watch.start(call, limitOf(call), linked.abort);
      const items = next({ signal: linked.signal })[Symbol.asyncIterator]();
      let open = true;
      try {
        for (;;) {
          const result = await watched.settle(items.next());
          if (result.done === true) {
            open = false;
            return;
          }
          watched.pause();
          yield result.value;
          watched.resume();
        }
      } finally {
        if (open) await close(items, watched.stalled);
      }
    },
  };
}

/**
 * Time that the destination waits for us does not count. After the content's end it has to work on what it got; and one that copies
 * `content.local` by itself moves bytes that are not seen here.
 */
function watchContent(call: Call, watched: Watched, options: StallOptions) {
  if (call.content?.local !== undefined) watched.limitMs = Infinity;
  return (
    call.content &&
    observeContent(call.content, () => ({
      start: () => {
        watched.limitMs = options.stallMs;
        return undefined;
      },
      ask: () => watched.pause(),
      item: () => watched.resume(),
      end: (_error, asked) => {
        if (asked) watched.resume();
        watched.limitMs = options.workMs;
      },
    }))
  );
}

/** A stream that stalled does not answer to `return` either: that is not waited for. */
async function close(items: AsyncIterator<unknown>, stalled: boolean): Promise<void> {
  const closed = items.return?.();
  if (stalled) closed?.then(undefined, () => undefined);
  else await closed;
}

/** A patch that is opened after nobody waits for it any more would lie about for ever. */
async function discardLate(answer: Promise<unknown>): Promise<void> {
  try {
    const patch = (await answer) as { discard(): Promise<void> };
    await patch.discard();
  } catch {
    // It failed after all, or cannot be discarded: the caller was told that the call timed out.
  }
}
