import type { Scope } from '../container/scope.ts';
import type { SummaryEvent } from '../contracts/events.ts';
import type { Destination } from '../contracts/destination.ts';
import type { LocationConfig } from '../contracts/plugin.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { openMirrorSource } from '../layouts/mirror/state/past/open-mirror-source.ts';
import { formatRunId } from '../layouts/mirror/state/records/run-id.ts';
import { PlainSession } from '../layouts/plain/plain-session.ts';
import { guardNames } from '../pipeline/guards/guard-names.ts';
import { guardSpace } from '../pipeline/guards/guard-space.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { runTask } from '../pipeline/run-task.ts';
import { absentDestination } from './absent-destination.ts';
import { copyTask } from './copy-task.ts';
import { isInside } from './guard-ends.ts';
import { lockMirror } from './lock-mirror.ts';
import { localPath, openTaskDestination, readLocation } from './open-ends.ts';
import { openMirror, selectRun } from './open-mirror.ts';
import type { RestoreRequest } from './requests.ts';
import { splitLocation } from './split-location.ts';
import { summarise } from './summarise.ts';
import { tokens } from './tokens.ts';

/** Brings a version of a clone back into a folder, whole or in part. Never rejects: the summary says how it ended. */
export function restore(program: Scope, request: RestoreRequest): Promise<SummaryEvent> {
  return summarise(program, 'restore', (scope, log) => runRestore(scope, request, log));
}

async function runRestore(scope: Scope, request: RestoreRequest, log: RunLog): Promise<string | undefined> {
  const signal = scope.resolve(tokens.signal);
  const { location, at } = await splitLocation(request.from, request.at);
  const to = readLocation(scope, request.target);
  guardRestoreEnds(await localPath(readLocation(scope, location)), await localPath(to), request.deletes);
  const opened = await openMirror(scope, location);
  await lockForReading(scope, opened.destination);
  const run = selectRun(scope, opened, at);
  const source = await openMirrorSource(opened.destination, opened.history, run.id, { signal });
  scope.defer(async () => source[Symbol.asyncDispose]());
  const layout = new PlainSession(await openTarget(scope, to, request));
  const { overwrite, deletes } = request;
  const guards = [guardNames, guardSpace(() => Promise.resolve(0n))];
  const runId = formatRunId(scope.resolve(tokens.clock).now());
  await runTask(copyTask(scope, request, { source, layout, guards, runId, overwrite, deletes, checksum: false }), log);
  return run.id;
}

/** A clone must not be restored into itself, nor be deleted by a restore around it. */
function guardRestoreEnds(from: string | undefined, to: string | undefined, deletes: boolean): void {
  if (from === undefined || to === undefined) return;
  if (from === to || isInside(to, from)) {
    throw new HoldfastError('nested', `The target ${to} lies within the clone ${from}. Nothing was changed.`, {
      hint: 'Choose a target outside of the clone.',
    });
  }
  if (deletes && isInside(from, to)) {
    throw new HoldfastError(
      'nested',
      `The clone ${from} lies within the target ${to}: --delete would remove it. Nothing was changed.`,
      { hint: 'Leave out --delete, or choose another target.' },
    );
  }
}

async function openTarget(scope: Scope, to: LocationConfig, request: RestoreRequest): Promise<Destination> {
  const { bandwidth } = request;
  if (!request.dryRun) return openTaskDestination(scope, to, { create: true, bandwidth });
  try {
    return await openTaskDestination(scope, to, { create: false });
  } catch (error) {
    if (!isHoldfastError(error, 'not-found')) throw error;
    return absentDestination((await localPath(to)) ?? request.target);
  }
}

/** Nobody may change the clone meanwhile. One that this user (or its disk) lets nobody write to needs no lock. */
async function lockForReading(scope: Scope, destination: Destination): Promise<void> {
  try {
    await lockMirror(scope, destination);
  } catch (error) {
    const readOnly = ['read-only', 'access-denied', 'destination-denied', 'unsupported', 'destination-full'] as const;
    if (!readOnly.some((code) => isHoldfastError(error, code))) throw error;
  }
}
