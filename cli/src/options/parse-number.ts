import { HoldfastError } from '@holdfast/core';

/** A whole number of at least 1. Throws `usage`. */
export function parsePositive(written: string): number {
  const number = /^\d+$/.test(written) ? Number(written) : 0;
  if (number >= 1 && Number.isSafeInteger(number)) return number;
  throw new HoldfastError('usage', `"${written}" is no number of at least 1.`, { hint: 'Write a whole number, for example 4.' });
}
