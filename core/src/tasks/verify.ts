import type { Scope } from '../container/scope.ts';
import type { SummaryEvent } from '../contracts/events.ts';
import { Plan } from '../pipeline/plan/plan.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { MirrorSession } from '../layouts/mirror/mirror-session.ts';
import { SafetyNet } from '../layouts/mirror/safety-net.ts';
import { listRunIds } from '../layouts/mirror/state/chain/mirror-history.ts';
import { openBaseline } from '../layouts/mirror/state/chain/open-state.ts';
import { nextRunId } from '../layouts/mirror/state/records/run-id.ts';
import { type Checked, checkMirror, sizeOf } from './verification/check-mirror.ts';
import { noteChecked } from './verification/note-checked.ts';
import type { OperationContext } from '../pipeline/transfer/operation-context.ts';
import { compareWithSource } from './compare-with-source.ts';
import { lockMirror } from './lock-mirror.ts';
import { type OpenedStore, openStore, openVersion } from './open-version.ts';
import { repairFrom } from './repair-from.ts';
import type { VerifyRequest } from './requests.ts';
import { splitLocation } from './split-location.ts';
import { verifyVersion } from './verify-version.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { noSource } from './no-source.ts';
import { summarise } from './summarise.ts';
import { tokens } from './tokens.ts';

/**
 * Reads a clone again and compares it with what was recorded when it was made, or with a source. Damage is told from change:
 * what nobody wrote to and yet has other bytes is damaged. Never rejects: the summary says how it ended.
 */
export function verify(program: Scope, request: VerifyRequest): Promise<SummaryEvent> {
  return summarise(program, 'verify', async (scope, log) => {
    if (request.against !== undefined) await compareWithSource(scope, { ...request, against: request.against }, log);
    else await verifyRecords(scope, request, log);
    return undefined;
  });
}

async function verifyRecords(scope: Scope, request: VerifyRequest, log: RunLog): Promise<void> {
  const { location, at } = await splitLocation(request.location, undefined);
  const store = await openStore(scope, location, request.repository);
  if (store.kind === 'repository') return verifyRepository(scope, store, at, request, log);
  const { destination, mirror } = store.mirror;
  const signal = scope.resolve(tokens.signal);
  await lockMirror(scope, destination);
  log.enter('verify', await sizeOf(openBaseline(destination, mirror, { signal }), request.samplePercent));
  log.verified = { method: 'digest', files: 0, bytes: 0n };
  const { scratch } = scope.resolve(tokens.folders);
  const clock = scope.resolve(tokens.clock);
  const runId = nextRunId(clock.now(), await listRunIds(destination, { signal }));
  const batch = { signal, runId, digest: 'blake3' as const, preserve: { owner: true, xattrs: true } };
  const context: OperationContext = { source: noSource, destination, batch, recorded: true };
  using plan = new Plan(scratch);
  const wrong: Checked[] = [];
  for await (const group of checkMirror(openBaseline(destination, mirror, { signal }), context, sampler(scope, request))) {
    signal.throwIfAborted();
    const unproved = group.filter((checked) => !noteChecked(checked, plan, log));
    wrong.push(...unproved.filter(({ verdict }) => verdict !== 'intact' && verdict !== 'unproved'));
  }
  if (request.repairFrom !== undefined && wrong.length > 0)
    await repairFrom(scope, { from: request.repairFrom, wrong, plan, context, log });
  if (plan.isEmpty) return;
  const safetyNet = new SafetyNet({ destination, mirror, isOn: false, rules: [], runId, clock });
  const session = new MirrorSession({
    destination,
    mirror,
    source: noSource,
    runId,
    safetyNet,
    quick: true,
    recordedOptions: { verb: 'verify' },
    scratch,
    clock,
  });
  const { counts, bytes, verified } = log;
  await session.commit({
    plan,
    source: noSource,
    complete: log.failures === 0,
    counts,
    bytes,
    verified,
    archived: { files: 0, bytes: 0n },
    notKept: 0,
    options: { signal },
  });
}

/** What is stored of a version proves itself: it is named by its digest. */
async function verifyRepository(
  scope: Scope,
  store: OpenedStore,
  at: string | undefined,
  request: VerifyRequest,
  log: RunLog,
): Promise<void> {
  if (request.repairFrom !== undefined)
    throw new HoldfastError('unsupported', 'A repository is not repaired from a source file by file.', {
      hint: 'Back the source up again: what is damaged is stored anew. See `holdfast repo repair`.',
    });
  const version = await openVersion(scope, store, at);
  await verifyVersion(scope, await version.open(), log, sampler(scope, request));
}

function sampler(scope: Scope, { samplePercent }: VerifyRequest): () => boolean {
  if (samplePercent === undefined) return () => true;
  const random = scope.resolve(tokens.random);
  return () => random.fraction() * 100 < samplePercent;
}
