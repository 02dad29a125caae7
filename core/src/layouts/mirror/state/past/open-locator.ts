import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import type { MirrorHistory } from '../chain/mirror-history.ts';
import type { RunRecord } from '../records/run-record.ts';
import { type LaterRun, Locator } from './locator.ts';
import { readCommittedSteps, readInterruptedSteps } from './read-steps.ts';
import { StepIndex } from './step-index.ts';

/**
 * Reads what every run after `runId` did, so that files of that version can be found. Throws `snapshot-missing` where the history has no
 * such run, `state-damaged`.
 */
export async function openLocator(
  destination: Destination,
  history: MirrorHistory,
  runId: string,
  options: CallOptions,
): Promise<Locator> {
  if (!history.runs.some(({ id }) => id === runId)) {
    throw new HoldfastError('snapshot-missing', `There is no run ${runId} in ${destination.traits.displayName}.`);
  }
  const committed = new Map(history.runs.map((run) => [run.id, run]));
  const later = [...committed.keys(), ...history.interrupted].filter((id) => id > runId).sort();
  const index = new StepIndex();
  for (const [number, id] of later.entries()) {
    const run = committed.get(id);
    if (run === undefined) await readInterruptedSteps(destination, id, number, history, index, options);
    else if (run.manifest !== 'unchanged') await readCommittedSteps(destination, id, number, index, options);
  }
  return new Locator(
    later.map((id) => describeRun(id, committed.get(id), history)),
    index,
  );
}

function describeRun(runId: string, run: RunRecord | undefined, { archived }: MirrorHistory): LaterRun {
  const lossy = (run?.notKept ?? 0) > 0;
  return {
    runId,
    isArchiveKept: archived.has(runId) && (run?.prunedAt ?? null) === null,
    whyGone: lossy
      ? `run ${runId} replaced or deleted it with the safety net off`
      : `it was gone from the destination when run ${runId} came`,
  };
}
