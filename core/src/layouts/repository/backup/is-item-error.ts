import { errorTable } from '../../../errors/error-table.ts';
import { HoldfastError } from '../../../errors/holdfast-error.ts';

/** Whether an error concerns one entry, so that a backup goes on without it. */
export function isItemError(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && errorTable[error.code].scope === 'item';
}
