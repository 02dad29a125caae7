import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';

const refuse = (): never => {
  throw new HoldfastError('internal', 'A task without a source asked for one.');
};

/** Stands where a task has no source: everything it needs is at the destination. */
export const noSource: Source = {
  traits: { displayName: '', stableIdentity: false },
  scan: refuse,
  describe: refuse,
  content: refuse,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
