import type { BatchOperation } from '../contracts/batch.ts';
import type { CallOptions } from '../contracts/call-options.ts';
import type { Destination, ObjectInfo } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Clock } from '../environment/clock.ts';
import { callTable } from '../layers/call-table.ts';
import type { Layer, OwnCalls } from '../layers/layer.ts';
import { wrapDestination } from '../layers/wrap-destination.ts';
import { isWithin } from '../paths/rel-path.ts';

interface Unseen {
  readonly untilMs: number;
  /** What `stat` and `list` still answer. */
  readonly old: ObjectInfo | undefined;
}

/** `inner`, but `stat` and `list` see a change only `delayMs` after it was made. `read` sees it at once. */
export function eventuallyConsistent(inner: Destination, clock: Clock, delayMs: number): Destination {
  const unseen = new Map<RelPath, Unseen>();
  const hidden = (key: RelPath): Unseen | undefined => {
    const change = unseen.get(key);
    return change !== undefined && clock.monotonicMs() < change.untilMs ? change : undefined;
  };
  const note = async (key: RelPath, options: CallOptions): Promise<void> => {
    const old = hidden(key);
    unseen.set(key, {
      untilMs: clock.monotonicMs() + delayMs,
      old: old === undefined ? await inner.stat(key, options) : old.old,
    });
  };
  const layer: Layer = {
    touches: (name) => callTable[name].effect === 'change',
    async answer(call, next) {
      if (call.key !== '') await note(call.key, {});
      return next();
    },
    stream: (_call, next) => next(),
    own: (destination) => ownCalls(destination, { unseen, hidden, note }),
  };
  return wrapDestination(inner, layer);
}

interface Memory {
  readonly unseen: ReadonlyMap<RelPath, Unseen>;
  readonly hidden: (key: RelPath) => Unseen | undefined;
  readonly note: (key: RelPath, options: CallOptions) => Promise<void>;
}

function ownCalls(inner: Destination, { unseen, hidden, note }: Memory): OwnCalls {
  const { move, batch } = inner.capabilities;
  return {
    async stat(key, options) {
      const change = hidden(key);
      return change === undefined ? inner.stat(key, options) : change.old;
    },
    async *list(prefix, options) {
      for await (const page of inner.list(prefix, options)) yield page.filter(({ key }) => hidden(key) === undefined);
      const below = [...unseen.keys()].filter((key) => key !== prefix && isWithin(key, prefix));
      yield below.map((key) => hidden(key)?.old).filter((info) => info !== undefined);
    },
    ...(move === undefined
      ? {}
      : {
          async move(from, to, options): Promise<void> {
            await note(from, options);
            await note(to, options);
            await move(from, to, options);
          },
        }),
    ...(batch === undefined
      ? {}
      : { 'batch.run': (operations, options) => batch.run(noteOperations(operations, note), options) }),
  };
}

async function* noteOperations(
  operations: AsyncIterable<readonly BatchOperation[]>,
  note: Memory['note'],
): AsyncIterable<readonly BatchOperation[]> {
  for await (const group of operations) {
    for (const operation of group) {
      await note(operation.key, {});
      if (operation.op === 'move') await note(operation.to, {});
    }
    yield group;
  }
}
