import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { readRun } from '../records/run-record.ts';
import { listManifests } from './list-manifests.ts';

/** What the state of a run is made of. */
export interface ManifestChain {
  /** The run whose base it starts from. */
  readonly base: string;
  readonly baseBytes: bigint;
  /** The runs whose deltas change it, oldest first. */
  readonly deltas: readonly string[];
  readonly deltaBytes: bigint;
}

/** Follows the runs from `runId` back to the newest base. Throws `snapshot-missing` where there is no such run, `state-damaged` where the way back is broken. */
export async function followChain(destination: Destination, runId: string, options: CallOptions): Promise<ManifestChain> {
  const manifests = await listManifests(destination, options);
  const deltas: string[] = [];
  let deltaBytes = 0n;
  for (let at: string | null = runId; at !== null; ) {
    const run = await readRun(destination, at, options);
    if (run === undefined && at === runId)
      throw new HoldfastError('snapshot-missing', `There is no run ${runId} in ${destination.traits.displayName}.`);
    const sizes = manifests.get(at);
    if (sizes?.base !== undefined) return { base: at, baseBytes: sizes.base, deltas: deltas.reverse(), deltaBytes };
    if (sizes?.delta !== undefined) {
      deltas.push(at);
      deltaBytes += sizes.delta;
    }
    const isBroken = sizes === undefined && run?.manifest !== 'unchanged';
    // Ids grow from run to run, so a damaged record cannot make this go round.
    if (run === undefined || isBroken || (run.parentRunId ?? '') >= at) break;
    at = run.parentRunId;
  }
  throw new HoldfastError(
    'state-damaged',
    `The records of run ${runId} in ${destination.traits.displayName} are damaged: a manifest that it builds on is missing.`,
  );
}
