import { HoldfastError } from '../errors/holdfast-error.ts';

/** The error for a value that a person wrote and that is not understood; `expected` says how it is written. */
export function usageError(what: string, written: string, expected: string): HoldfastError {
  return new HoldfastError('usage', `"${written}" is no ${what}.`, { hint: `Write ${expected}.` });
}
