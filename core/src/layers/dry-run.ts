import { HoldfastError } from '../errors/holdfast-error.ts';
import type { Call, Layer } from './layer.ts';
import { callTable } from './call-table.ts';

/**
 * Nothing is changed: every change rejects, reads pass. A dry run shows a plan and so makes no change at all; one that arrives here
 * is a mistake of ours, and an answer as if it had been done would make all that is read afterwards a lie.
 */
export const dryRunLayer: Layer = {
  touches: (name) => callTable[name].effect === 'change',
  answer: async (call) => {
    throw refusal(call);
  },
  // eslint-disable-next-line require-yield -- the stream of a refused call has nothing in it
  async *stream(call) {
    throw refusal(call);
  },
};

function refusal(call: Call): HoldfastError {
  return new HoldfastError(
    'internal',
    `A dry run was about to change the destination (${call.name} "${call.key}"); it was stopped.`,
  );
}
