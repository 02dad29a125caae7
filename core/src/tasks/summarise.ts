import type { Scope } from '../container/scope.ts';
import type { RunStatus, SummaryEvent } from '../contracts/events.ts';
import { type HoldfastError, toHoldfastError } from '../errors/holdfast-error.ts';
import { RunLog } from '../pipeline/run-log.ts';
import { tokens } from './tokens.ts';

/** Runs a task to its end, whatever comes, and tells what it came to. The summary is always the last event. Never rejects. */
export async function summarise(program: Scope, name: string, run: (scope: Scope, log: RunLog) => Promise<string | undefined>): Promise<SummaryEvent> {
  const sink = program.resolve(tokens.sink);
  const log = new RunLog(sink, program.resolve(tokens.clock));
  let snapshotId: string | undefined;
  let error: HoldfastError | undefined;
  try {
    await using scope = program.child(name);
    snapshotId = await run(scope, log);
  } catch (thrown) {
    error = program.resolve(tokens.signal).aborted ? interrupted(thrown) : toHoldfastError(thrown);
    if (error.code === 'internal') program.resolve(tokens.logger).error({ error: thrown }, error.message);
    const path = error.path === undefined ? {} : { path: error.path };
    sink({ type: 'error', code: error.code, message: error.message, hint: error.hint, ...path });
  }
  const { counts, bytes, verified, seconds } = log;
  const exitCode = error?.row.exit ?? (log.damaged > 0 ? 5 : log.failures > 0 ? 1 : 0);
  const summary: SummaryEvent = {
    type: 'summary',
    status: statusOf(exitCode, error),
    ...(snapshotId === undefined ? {} : { snapshotId }),
    counts: { ...counts },
    bytes: { ...bytes },
    seconds,
    verified: { ...verified },
    exitCode,
  };
  sink(summary);
  return summary;
}

function interrupted(thrown: unknown): HoldfastError {
  const error = toHoldfastError(thrown);
  return error.code === 'internal' ? toHoldfastError(new DOMException('Interrupted.', 'AbortError')) : error;
}

function statusOf(exitCode: number, error: HoldfastError | undefined): RunStatus {
  if (error === undefined) return exitCode === 0 ? 'ok' : exitCode === 5 ? 'failed' : 'partial';
  if (error.code === 'interrupted') return 'interrupted';
  return error.row.exit === 7 ? 'refused' : 'failed';
}
