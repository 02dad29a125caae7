import type { Scope } from '../container/scope.ts';
import type { SummaryEvent } from '../contracts/events.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { runTask } from '../pipeline/run-task.ts';
import { rememberDestination } from '../state/known-destinations.ts';
import { openClone } from './open-clone.ts';
import type { CloneRequest } from './requests.ts';
import { summarise } from './summarise.ts';
import { tokens } from './tokens.ts';

/** Makes a destination a browsable 1:1 copy of a source. Never rejects: the summary says how it ended. */
export function clone(program: Scope, request: CloneRequest): Promise<SummaryEvent> {
  return summarise(program, 'clone', (scope, log) => runClone(scope, request, log));
}

async function runClone(scope: Scope, request: CloneRequest, log: RunLog): Promise<string | undefined> {
  const ends = await openClone(scope, request, log);
  try {
    return await runTask(ends.task(ends.mirror), log);
  } catch (error) {
    // Damaged records cost the next run some reading, and the past of this clone; they never stop it.
    if (!isHoldfastError(error, 'state-damaged') || ends.mirror.currentRunId === null) throw error;
    log.warn(error.code, `${error.message} The clone is compared with what is really there, and gets new records.`);
    return await runTask(ends.task({ ...ends.mirror, currentRunId: null }), log);
  } finally {
    const { destination, mirror } = ends;
    const { state } = scope.resolve(tokens.folders);
    const { identity, displayName } = destination.traits;
    if (!request.dryRun && identity !== undefined) {
      const known = { destinationId: mirror.destinationId, fileSystemId: identity.fileSystemId };
      await rememberDestination(state, displayName, known, scope.resolve(tokens.random).hex(4));
    }
  }
}
