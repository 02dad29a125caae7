import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import type { LocationConfig } from '../contracts/plugin.ts';
import type { Source } from '../contracts/source.ts';
import { errorTable } from '../errors/error-table.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { MirrorSession } from '../layouts/mirror/mirror-session.ts';
import { SafetyNet } from '../layouts/mirror/safety-net.ts';
import { defaultKeepRules } from '../layouts/mirror/state/archive/keep-rules.ts';
import { listRunIds } from '../layouts/mirror/state/chain/mirror-history.ts';
import { type MirrorRecord, readMirror } from '../layouts/mirror/state/records/mirror-record.ts';
import { nextRunId } from '../layouts/mirror/state/records/run-id.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import type { Task } from '../pipeline/task.ts';
import { recallDestination } from '../state/known-destinations.ts';
import { absentDestination } from './absent-destination.ts';
import { cloneGuards } from './clone-guards.ts';
import { copyTask } from './copy-task.ts';
import { freezeSource } from './freeze-source.ts';
import { guardNesting, guardSourceIdentity, guardVolume } from './guard-ends.ts';
import { lockMirror } from './lock-mirror.ts';
import { localPath, openTaskDestination, openTaskSource, readLocation } from './open-ends.ts';
import type { CloneRequest } from './requests.ts';
import { leaveOut } from './selections.ts';
import { tokens } from './tokens.ts';

/** A clone with both ends open and guarded, ready to run. */
export interface OpenedClone {
  readonly destination: Destination;
  readonly mirror: MirrorRecord;
  /** The task, going by the records of `mirror`. */
  task(mirror: MirrorRecord): Task;
}

/** Opens both ends of a clone, takes the lock and makes sure that both are what they were. Rejects with what is wrong. */
export async function openClone(scope: Scope, request: CloneRequest, log: RunLog): Promise<OpenedClone> {
  const [from, to] = [readLocation(scope, request.source), readLocation(scope, request.destination)];
  const [sourcePath, destinationPath] = await Promise.all([localPath(from), localPath(to)]);
  guardNesting(sourcePath, destinationPath, request.overrides.has('allow-nested'));
  const signal = scope.resolve(tokens.signal);
  const source = await openCloneSource(scope, from, to);
  const destination = await openCloneDestination(scope, to, request);
  const found = await readMirrorOrWarn(destination, log, signal);
  if (!request.dryRun && found !== undefined) await lockMirror(scope, destination);
  await guardEnds(scope, request, found, source, destination);
  if (found === undefined) warnOfSameDisk(log, request, source, destination);
  const selection = leaveOut(request.selection, sourcePath, destinationPath);
  const frozen = await freezeSource(scope, from, source, { ...request, selection }, log);
  const clock = scope.resolve(tokens.clock);
  const mirror = found ?? newMirror(scope, destination);
  const runId = nextRunId(clock.now(), await listRunIds(destination, { signal }));
  const rules = request.keepRules ?? defaultKeepRules;
  const safetyNet = new SafetyNet({ destination, mirror: found, isOn: request.safetyNet, rules, runId, clock });
  const { scratch } = scope.resolve(tokens.folders);
  return {
    destination,
    mirror,
    task: (trusted) => {
      const shared = { destination, source: frozen, runId, safetyNet, quick: request.quick, scratch, clock };
      const beforeFirst = (): Promise<void> => lockMirror(scope, destination, { mustBeNew: true });
      const layout = new MirrorSession({
        ...shared,
        mirror: trusted,
        recordedOptions: recordedOptions(request),
        ...(found === undefined ? { beforeFirst } : {}),
      });
      const guards = cloneGuards(request, { isFirst: found === undefined, reclaimable: () => safetyNet.reclaimable({ signal }) });
      return copyTask(
        scope,
        { ...request, selection },
        { source: frozen, layout, guards, runId, overwrite: 'if-changed', deletes: request.deletes, checksum: request.checksum },
      );
    },
  };
}

/** A source that is missing is wrong usage, unless a clone of it is there: then it has vanished. */
async function openCloneSource(scope: Scope, from: LocationConfig, to: LocationConfig): Promise<Source> {
  try {
    return await openTaskSource(scope, from);
  } catch (error) {
    if (!isHoldfastError(error, 'source-missing')) throw error;
    const path = await localPath(from);
    const destination = await openTaskDestination(scope, to, { create: false }).catch(() => undefined);
    const mirror = destination === undefined ? undefined : await readMirror(destination, {}).catch(() => undefined);
    if (mirror === undefined || path === undefined || mirror.source.displayName !== path) throw error;
    throw new HoldfastError(
      'source-vanished',
      `${path} is gone, but ${destination?.traits.displayName} holds a clone of it. Nothing was changed.`,
    );
  }
}

async function openCloneDestination(scope: Scope, to: LocationConfig, request: CloneRequest): Promise<Destination> {
  const { bandwidth } = request;
  if (!request.dryRun) return openTaskDestination(scope, to, { create: true, bandwidth });
  try {
    return await openTaskDestination(scope, to, { create: false });
  } catch (error) {
    if (!isHoldfastError(error, 'not-found')) throw error;
    return absentDestination((await localPath(to)) ?? request.destination);
  }
}

async function readMirrorOrWarn(destination: Destination, log: RunLog, signal: AbortSignal): Promise<MirrorRecord | undefined> {
  try {
    return await readMirror(destination, { signal });
  } catch (error) {
    if (!isHoldfastError(error, 'state-damaged')) throw error;
    log.warn(error.code, `${error.message} The clone is taken for a folder without records.`);
    return undefined;
  }
}

async function guardEnds(
  scope: Scope,
  request: CloneRequest,
  mirror: MirrorRecord | undefined,
  source: Source,
  destination: Destination,
): Promise<void> {
  const { overrides } = request;
  if (!overrides.has('adopt-source')) guardSourceIdentity(mirror, source.traits);
  if (overrides.has('adopt-volume')) return;
  const { state } = scope.resolve(tokens.folders);
  guardVolume(mirror, await recallDestination(state, destination.traits.displayName), destination.traits);
}

/** A copy on the same disk does not outlive it. Told, not refused: a second folder is a start, and trials of a set-up are made so. */
function warnOfSameDisk(log: RunLog, { overrides }: CloneRequest, { traits: from }: Source, { traits: to }: Destination): void {
  const same = from.identity !== undefined && from.identity.fileSystemId === to.identity?.fileSystemId;
  if (!same || overrides.has('allow-same-disk')) return;
  const { hint } = errorTable['same-disk'];
  log.warn('same-disk', `${to.displayName} is on the same disk as ${from.displayName}: when it fails, both are gone.`, hint);
}

function newMirror(scope: Scope, destination: Destination): MirrorRecord {
  return {
    destinationId: scope.resolve(tokens.random).uuid(),
    createdAt: scope.resolve(tokens.clock).now().toISOString(),
    volume: destination.traits.identity ?? null,
    source: { displayName: '', identity: null },
    currentRunId: null,
  };
}

/** What of the options changes what a run does, for its record. */
function recordedOptions(request: CloneRequest): Record<string, string | boolean | string[]> {
  const { rules } = request.selection;
  return {
    verify: request.verify,
    safetyNet: request.safetyNet,
    delete: request.deletes,
    checksum: request.checksum,
    quick: request.quick,
    selection: rules.map(({ effect, pattern }) => `${effect} ${pattern}`),
  };
}
