import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { baseName } from '../../../../paths/rel-path.ts';
import type { MirrorRecord } from '../records/mirror-record.ts';
import { listArchiveFolders } from '../archive/list-archive-folders.ts';
import { readRun, type RunRecord } from '../records/run-record.ts';
import { journalsKey, runsKey } from '../state-keys.ts';

/** The runs of a mirror. */
export interface MirrorHistory {
  /** Those that were committed and lead to the current one, oldest first. */
  readonly runs: readonly RunRecord[];
  /** Ids of those that began and were never committed, oldest first: what they moved and archived is still where they put it. */
  readonly interrupted: readonly string[];
  /** Ids of the runs that have a record, a journal, an archive folder, and one that is being removed. */
  readonly recorded: ReadonlySet<string>;
  readonly journaled: ReadonlySet<string>;
  readonly archived: ReadonlySet<string>;
  readonly halfPruned: ReadonlySet<string>;
}

/** Reads the records of all runs. Throws `state-damaged`, `format-unknown`. */
export async function readHistory(
  destination: Destination,
  mirror: Pick<MirrorRecord, 'currentRunId'>,
  options: CallOptions,
): Promise<MirrorHistory> {
  const traces = await findTraces(destination, options);
  const records = await readRuns(destination, [...traces.recorded], options);
  const runs: RunRecord[] = [];
  for (let at = mirror.currentRunId; at !== null; ) {
    const run = records.get(at);
    if (run === undefined) break;
    runs.push(run);
    at = run.parentRunId !== null && run.parentRunId < at ? run.parentRunId : null;
  }
  runs.reverse();
  const committed = new Set(runs.map(({ id }) => id));
  const interrupted = allIds(traces).filter((id) => !committed.has(id));
  return { runs, interrupted, ...traces };
}

/** Ids of all runs that ever began here, as far as something of them is left: what the next id must come after. */
export async function listRunIds(destination: Destination, options: CallOptions): Promise<readonly string[]> {
  return allIds(await findTraces(destination, options));
}

type Traces = Pick<MirrorHistory, 'recorded' | 'journaled' | 'archived' | 'halfPruned'>;

async function findTraces(destination: Destination, options: CallOptions): Promise<Traces> {
  const recorded = new Set(await listIds(destination, runsKey, '.json', options));
  const journaled = new Set(await listIds(destination, journalsKey, '.ndjson', options));
  const { runIds, leftovers } = await listArchiveFolders(destination, options);
  return { recorded, journaled, archived: runIds, halfPruned: leftovers };
}

function allIds({ recorded, journaled, archived, halfPruned }: Traces): string[] {
  return [...recorded.union(journaled).union(archived).union(halfPruned)].sort();
}

async function listIds(destination: Destination, folder: RelPath, ending: string, options: CallOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const objects of destination.list(folder, options)) {
    for (const { key } of objects) if (key.endsWith(ending)) ids.push(baseName(key).slice(0, -ending.length));
  }
  return ids;
}

async function readRuns(destination: Destination, ids: readonly string[], options: CallOptions): Promise<Map<string, RunRecord>> {
  const records = new Map<string, RunRecord>();
  const atOnce = Math.max(1, destination.traits.maxConnections);
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = await Promise.all(ids.slice(start, start + atOnce).map((id) => readRun(destination, id, options)));
    for (const run of some) if (run !== undefined) records.set(run.id, run);
  }
  return records;
}
