import type { Scope } from '../container/scope.ts';
import type { SummaryEvent } from '../contracts/events.ts';
import { HoldfastError, toHoldfastError } from '../errors/holdfast-error.ts';
import { judgeRun } from '../events/judge-run.ts';
import { toMessageEvent } from '../events/to-message-event.ts';
import { RunLog } from '../pipeline/run-log.ts';
import { tokens } from './tokens.ts';

/** Runs a task to its end, whatever comes, and tells what it came to. The summary is always the last event. Never rejects. */
export async function summarise(
  program: Scope,
  name: string,
  run: (scope: Scope, log: RunLog) => Promise<string | undefined>,
): Promise<SummaryEvent> {
  const sink = program.resolve(tokens.sink);
  const log = new RunLog(sink, program.resolve(tokens.clock));
  let snapshotId: string | undefined;
  let error: HoldfastError | undefined;
  try {
    await using scope = program.child(name);
    snapshotId = await run(scope, log);
  } catch (thrown) {
    error = errorOf(thrown, program.resolve(tokens.signal));
    if (error.code === 'internal') program.resolve(tokens.logger).error({ error: thrown }, error.message);
    sink(toMessageEvent(error));
  }
  const { counts, bytes, verified, seconds, damaged, unknown } = log;
  const judgement =
    error === undefined && damaged > 0
      ? ({ status: 'failed', exitCode: 5 } as const)
      : judgeRun({ skipped: counts.skipped, failed: counts.failed + unknown }, error);
  const summary: SummaryEvent = {
    type: 'summary',
    ...judgement,
    ...(snapshotId === undefined ? {} : { snapshotId }),
    counts: { ...counts },
    bytes: { ...bytes },
    seconds,
    verified: { ...verified },
  };
  sink(summary);
  return summary;
}

/** Whatever breaks while a run is being stopped is part of being stopped, unless it has a name of its own. */
function errorOf(thrown: unknown, signal: AbortSignal): HoldfastError {
  const error = toHoldfastError(thrown);
  return signal.aborted && error.code === 'internal'
    ? new HoldfastError('interrupted', 'Interrupted.', { cause: thrown })
    : error;
}
