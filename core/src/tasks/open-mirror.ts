import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { type MirrorHistory, readHistory } from '../layouts/mirror/state/chain/mirror-history.ts';
import { type MirrorRecord, readMirror } from '../layouts/mirror/state/records/mirror-record.ts';
import type { RunRecord } from '../layouts/mirror/state/records/run-record.ts';
import { parseSnapshotSelector } from '../values/parse-snapshot-selector.ts';
import { selectSnapshot } from '../values/select-snapshot.ts';
import { openTaskDestination, readLocation } from './open-ends.ts';
import { tokens } from './tokens.ts';

/** A clone that is there to be read. */
export interface OpenedMirror {
  readonly destination: Destination;
  readonly mirror: MirrorRecord;
  readonly history: MirrorHistory;
}

/** The clone at a destination. Rejects with `not-a-mirror` where there is none. */
export async function openMirrorAt(scope: Scope, destination: Destination): Promise<OpenedMirror> {
  const signal = scope.resolve(tokens.signal);
  const mirror = await readMirror(destination, { signal });
  if (mirror === undefined) throw notAMirror(destination.traits.displayName);
  return { destination, mirror, history: await readHistory(destination, mirror, { signal }) };
}

/** The run of a clone that a user means by `written` (`latest`, a time, an id); the newest for undefined. Rejects with `snapshot-missing`. */
export function selectRun(scope: Scope, { history }: OpenedMirror, written: string | undefined): RunRecord {
  const selector = parseSnapshotSelector(written ?? 'latest', scope.resolve(tokens.clock));
  const dated = history.runs.map((run) => ({ id: run.id, time: new Date(run.finishedAt), run }));
  return selectSnapshot(dated, selector, written ?? 'latest').run;
}

/** Opens a location that must be there. Rejects with `not-a-mirror` where it is not. */
export async function openExisting(scope: Scope, written: string): Promise<Destination> {
  try {
    return await openTaskDestination(scope, readLocation(scope, written), { create: false });
  } catch (error) {
    if (isHoldfastError(error, 'not-found')) throw notAMirror(written);
    throw error;
  }
}

function notAMirror(name: string): HoldfastError {
  return new HoldfastError('not-a-mirror', `There is neither a clone nor a repository at ${name}.`);
}
