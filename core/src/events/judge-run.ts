import type { Counts, RunStatus } from '../contracts/events.ts';
import { errorTable, type ErrorRow } from '../errors/error-table.ts';
import type { HoldfastError } from '../errors/holdfast-error.ts';

export type ExitCode = ErrorRow['exit'];

export interface Judgement {
  readonly status: RunStatus;
  readonly exitCode: ExitCode;
}

/** Of several targets the first of these that is present is the program's exit code. */
const gravestFirst: readonly ExitCode[] = [70, 130, 5, 7, 6, 3, 4, 2, 1, 0];

/** How a run ended: by the error that ended it, or by what became of its entries. */
export function judgeRun(counts: Pick<Counts, 'skipped' | 'failed'>, error?: HoldfastError): Judgement {
  if (error !== undefined) {
    const exitCode = errorTable[error.code].exit;
    return { status: exitCode === 130 ? 'interrupted' : exitCode === 7 ? 'refused' : 'failed', exitCode };
  }
  return counts.failed + counts.skipped > 0 ? { status: 'partial', exitCode: 1 } : { status: 'ok', exitCode: 0 };
}

/** The exit code of a program whose parts ended with these. */
export function gravestExitCode(codes: readonly ExitCode[]): ExitCode {
  return gravestFirst.find((code) => codes.includes(code)) ?? 0;
}
