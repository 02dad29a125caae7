import type { ErrorCode } from '@holdfast/core/plugin';
import { SystemCallError } from '../syscalls/errno.ts';
import { EntryFailure } from './entry-failure.ts';
import { step } from './step.ts';
import type { Side } from './step.ts';

/** What failed, as plain data: it comes from worker threads. Either a system call or a reason of our own. */
export interface FailureNote {
  readonly side: Side;
  readonly action: string;
  readonly syscall?: string;
  readonly errno?: number;
  readonly code?: ErrorCode;
  readonly text?: string;
  readonly hint?: string;
}

/** What there is to say of an error that was thrown while this thread was at its present step. */
export function noteFailure(error: unknown): FailureNote {
  const { side, action } = step;
  if (error instanceof SystemCallError) return { side, action, syscall: error.syscall, errno: error.errno };
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof EntryFailure)
    return { side, action, code: error.code, text, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return { side, action, code: 'internal', text };
}
