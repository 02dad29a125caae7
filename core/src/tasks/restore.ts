import type { Scope } from '../container/scope.ts';
import type { SummaryEvent } from '../contracts/events.ts';
import type { Destination } from '../contracts/destination.ts';
import type { LocationConfig } from '../contracts/plugin.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { formatRunId } from '../layouts/mirror/state/records/run-id.ts';
import { PlainSession } from '../layouts/plain/plain-session.ts';
import { guardNames } from '../pipeline/guards/guard-names.ts';
import { guardSpace } from '../pipeline/guards/guard-space.ts';
import { rootPath } from '../paths/rel-path.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { runTask } from '../pipeline/run-task.ts';
import { absentDestination } from './absent-destination.ts';
import { copyTask } from './copy-task.ts';
import { isInside } from './guard-ends.ts';
import { lockMirror } from './lock-mirror.ts';
import { localPath, openTaskDestination, readLocation } from './open-ends.ts';
import { openStore, openVersion, type OpenedVersion } from './open-version.ts';
import type { RestoreRequest } from './requests.ts';
import { splitLocation } from './split-location.ts';
import { type StrippedSelection, stripPaths } from './strip-paths.ts';
import { summarise } from './summarise.ts';
import { tokens } from './tokens.ts';

/** Brings a version of a clone back into a folder, whole or in part. Never rejects: the summary says how it ended. */
export function restore(program: Scope, request: RestoreRequest): Promise<SummaryEvent> {
  return summarise(program, 'restore', (scope, log) => runRestore(scope, request, log));
}

async function runRestore(scope: Scope, request: RestoreRequest, log: RunLog): Promise<string | undefined> {
  const { location, at } = await splitLocation(request.from, request.at);
  const to = readLocation(scope, request.target);
  guardRestoreEnds(await localPath(readLocation(scope, location)), await localPath(to), request.deletes);
  const store = await openStore(scope, location, request.repository);
  if (store.kind === 'mirror') await lockForReading(scope, store.destination);
  const version = await openVersion(scope, store, at);
  const { top, selection } = await chooseTop(version, request);
  const source = await version.open(top);
  const layout = new PlainSession(await openTarget(scope, to, request));
  const { overwrite, deletes } = request;
  const guards = [guardNames, guardSpace(() => Promise.resolve(0n))];
  const runId = formatRunId(scope.resolve(tokens.clock).now());
  const ends = { source, layout, guards, runId, overwrite, deletes, checksum: false };
  await runTask(copyTask(scope, { ...request, selection }, ends), log);
  return version.id;
}

/** With `strips`, the directory that becomes the target. A clone has nothing above what was copied. */
async function chooseTop(version: OpenedVersion, { selection, strips }: RestoreRequest): Promise<StrippedSelection> {
  if (strips !== true || version.paths.length === 0) return { top: rootPath, selection };
  return stripPaths(selection, version.paths, version.isDirectory);
}

/** A clone or repository must not be restored into itself, nor be deleted by a restore around it. */
function guardRestoreEnds(from: string | undefined, to: string | undefined, deletes: boolean): void {
  if (from === undefined || to === undefined) return;
  if (from === to || isInside(to, from)) {
    throw new HoldfastError('nested', `The target ${to} lies within ${from}. Nothing was changed.`, {
      hint: 'Choose a target outside of it.',
    });
  }
  if (deletes && isInside(from, to)) {
    throw new HoldfastError('nested', `${from} lies within the target ${to}: --delete would remove it. Nothing was changed.`, {
      hint: 'Leave out --delete, or choose another target.',
    });
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
