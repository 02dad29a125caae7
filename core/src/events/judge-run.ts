import type { Counts, RunStatus } from '../contracts/events.ts';
import { errorTable, type ErrorRow } from '../errors/error-table.ts';
import type { HoldfastError } from '../errors/holdfast-error.ts';

interface Judgement {
  readonly status: RunStatus;
  readonly exitCode: ErrorRow['exit'];
}

/** How a run ended: by the error that ended it, or by what became of its entries. */
export function judgeRun(counts: Pick<Counts, 'skipped' | 'failed'>, error?: HoldfastError): Judgement {
  if (error !== undefined) {
    const exitCode = errorTable[error.code].exit;
    return { status: exitCode === 130 ? 'interrupted' : exitCode === 7 ? 'refused' : 'failed', exitCode };
  }
  return counts.failed + counts.skipped > 0 ? { status: 'partial', exitCode: 1 } : { status: 'ok', exitCode: 0 };
}
