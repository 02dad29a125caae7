import { HoldfastError } from '../errors/holdfast-error.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { callTable } from './call-table.ts';
import type { Layer } from './layer.ts';
import { linkSignals } from './link-signals.ts';

/** What the keeper of a destination's lock tells the layers. */
export interface Fence {
  /** Aborts when the lock is known to be lost. */
  readonly lost: AbortSignal;
  /** Asked before every change: also true when the lock was not renewed in time, for example because this process stood still. */
  isLost(): boolean;
}

/**
 * Once the lock is lost every change rejects with `fenced`, those under way too: another run may own the destination by now.
 * Reads still work.
 */
export function fenceLayer(fence: Fence): Layer {
  const check = (key: RelPath): void => {
    if (fence.lost.aborted || fence.isLost()) throw fenced(key, fence.lost.reason);
  };
  return {
    touches: (name) => callTable[name].effect === 'change',
    async answer(call, next) {
      check(call.key);
      using linked = linkSignals(call.signal, fence.lost);
      try {
        return await next({ signal: linked.signal });
      } catch (error) {
        check(call.key);
        throw error;
      }
    },
    async *stream(call, next) {
      check(call.key);
      using linked = linkSignals(call.signal, fence.lost);
      try {
        yield* next({ signal: linked.signal });
      } catch (error) {
        check(call.key);
        throw error;
      }
    },
  };
}

function fenced(key: RelPath, cause: unknown): HoldfastError {
  const what = key === '' ? 'the destination' : `"${key}"`;
  return new HoldfastError('fenced', `Cannot change ${what}: the lock of the destination was lost.`, { path: key, cause });
}
