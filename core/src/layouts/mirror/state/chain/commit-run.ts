import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { ManifestRowWriter } from '../manifest/manifest-row-writer.ts';
import { writeBlocks } from '../manifest/write-blocks.ts';
import { overlayBlocks } from '../merge/overlay-blocks.ts';
import { type MirrorRecord, writeMirror } from '../records/mirror-record.ts';
import { type RunRecord, writeRun } from '../records/run-record.ts';
import { journalKey } from '../state-keys.ts';
import { followChain, type ManifestChain } from './manifest-chain.ts';
import { openChain, openDelta } from './open-state.ts';

export interface RunCommit {
  readonly destination: Destination;
  /** The mirror's record as the run found it, with what the run changes of it (source, volume). */
  readonly mirror: MirrorRecord;
  readonly run: RunRecord;
  /** The rows of the run; absent when `run.manifest` is `unchanged`. */
  readonly manifest?: ManifestRowWriter;
  /** Directory for temporary files. */
  readonly scratch: string;
}

/** From so many deltas on, or when they come to more than this part of the base, the next commit writes a base. */
const MAX_DELTAS = 32;
const MAX_DELTA_PART = 3n;

/**
 * Records a run: manifest, run record and, last and in one step, the mirror's record, which makes the run the current one. Everything
 * before is durable when that happens. Writes a base besides the delta when the deltas have grown. Answers the mirror's record.
 */
export async function commitRun(commit: RunCommit, options: CallOptions): Promise<MirrorRecord> {
  const { destination, run, manifest } = commit;
  if (run.manifest !== 'unchanged') await manifest?.store(destination, options);
  if (run.manifest === 'delta' && run.parentRunId !== null) await addBase(commit, run.parentRunId, options);
  await destination.flush(options);
  await writeRun(destination, run, options);
  await destination.flush(options);
  const mirror = { ...commit.mirror, currentRunId: run.id };
  await writeMirror(destination, mirror, options);
  await destination.flush(options);
  await destination.remove(journalKey(run.id), options);
  return mirror;
}

/** Whether a state that is made of this chain should get a base of its own. */
function wantsBase(
  chain: Pick<ManifestChain, 'baseBytes' | 'deltaBytes'> & { readonly deltas: { readonly length: number } },
): boolean {
  return chain.deltas.length >= MAX_DELTAS || chain.deltaBytes * MAX_DELTA_PART > chain.baseBytes;
}

/** The base holds the state after the run; the delta stays, because it tells what the run did. */
async function addBase(
  { destination, run, manifest, scratch }: RunCommit,
  parentRunId: string,
  options: CallOptions,
): Promise<void> {
  const parent = await followChain(destination, parentRunId, options);
  const deltaBytes = parent.deltaBytes + BigInt(manifest?.bytes ?? 0);
  if (!wantsBase({ ...parent, deltaBytes, deltas: { length: parent.deltas.length + 1 } })) return;
  const state = overlayBlocks(openChain(destination, parent, options), openDelta(destination, run.id, options), 'state');
  await writeBlocks(
    destination,
    { kind: 'base', runId: run.id, parentRunId, digests: manifest?.header.digests ?? [] },
    state,
    scratch,
    options,
  );
}
