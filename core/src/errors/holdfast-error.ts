import type { RelPath } from '../contracts/rel-path.ts';
import { errorTable, type ErrorCode, type ErrorRow } from './error-table.ts';

export interface ErrorDetails {
  /** What to do, where it is more precise than the table's. */
  readonly hint?: string;
  /** The entry that it is about. */
  readonly path?: RelPath;
  readonly cause?: unknown;
  /** How long the other side asked us to wait, milliseconds. */
  readonly retryAfterMs?: number;
}

/** The one error class. `code` is a row of the error table, which says how it is retried, what it ends and the exit code. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly path: RelPath | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? errorTable[code].hint;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
  }

  get row(): ErrorRow {
    return errorTable[this.code];
  }
}

/**
 * Whether an unknown thrown value is a HoldfastError, of `code` where one is given. Told by name and code and not by class: a plugin
 * that is installed elsewhere may bring its own copy of this package. An error with a code that is not in the table is none.
 */
export function isHoldfastError(error: unknown, code?: ErrorCode): error is HoldfastError {
  if (!(error instanceof Error) || error.name !== 'HoldfastError' || !('code' in error)) return false;
  return code === undefined ? typeof error.code === 'string' && Object.hasOwn(errorTable, error.code) : error.code === code;
}

/** Any thrown value as a HoldfastError; what is none becomes `internal`, an abort `interrupted`. */
export function toHoldfastError(error: unknown): HoldfastError {
  if (isHoldfastError(error)) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new HoldfastError('interrupted', 'Interrupted.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new HoldfastError('internal', message, { cause: error });
}
