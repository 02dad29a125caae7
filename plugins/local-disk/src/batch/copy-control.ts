import { PIECE_BYTES } from '../store/scratch.ts';
import type { CopyControl } from '../store/store-options.ts';
import type { TaskContext } from '../workers/worker-protocol.ts';
import type { CopyProgress, CopyRequest } from './batch-protocol.ts';

/** Longest wait for leave to go on before the abort flag is looked at again. */
const LOOK_AGAIN_MS = 100;

/** Progress is told after so many bytes; where bandwidth is limited, after each piece, since each telling asks for the next one's leave. */
const TELL_AFTER_BYTES = 16 * PIECE_BYTES;

/** Ties a copy in this thread to the main thread: abort, progress, bandwidth. */
export function copyControl({ watched, credit }: CopyRequest, context: TaskContext<CopyProgress>): CopyControl {
  const checkAborted = (): void => context.throwIfAborted();
  if (!watched) return { check: checkAborted, moved: () => undefined };
  let untold = 0;
  return {
    check: () => {
      checkAborted();
      while (credit !== undefined && Atomics.load(credit, 0) <= 0) {
        Atomics.wait(credit, 0, Atomics.load(credit, 0), LOOK_AGAIN_MS);
        checkAborted();
      }
    },
    moved: (bytes) => {
      untold += bytes;
      if (credit !== undefined) Atomics.sub(credit, 0, bytes);
      if (untold < (credit === undefined ? TELL_AFTER_BYTES : PIECE_BYTES)) return;
      context.post({ moved: untold });
      untold = 0;
    },
  };
}
