import type { Scope } from '../container/scope.ts';
import { KIND_FILE } from '../entries/stat-record.ts';
import { PlainSession } from '../layouts/plain/plain-session.ts';
import { makePlan } from '../pipeline/plan/make-plan.ts';
import { RecordState } from '../pipeline/plan/plan-record.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { copyTask } from './copy-task.ts';
import { openTaskDestination, openTaskSource, readLocation } from './open-ends.ts';
import type { VerifyRequest } from './requests.ts';
import { everything } from './selections.ts';

/** Compares every entry of a destination, contents and metadata, with a source. What differs counts as failed. */
export async function compareWithSource(
  scope: Scope,
  request: VerifyRequest & { readonly against: string },
  log: RunLog,
): Promise<void> {
  const source = await openTaskSource(scope, readLocation(scope, request.against));
  const destination = await openTaskDestination(scope, readLocation(scope, request.location), { create: false });
  const options = { selection: everything, dryRun: true, verify: 'size', owner: true, xattrs: true } as const;
  const layout = new PlainSession(destination);
  const task = copyTask(scope, options, {
    source,
    layout,
    guards: [],
    runId: 'verify',
    overwrite: 'if-changed',
    deletes: true,
    checksum: true,
  });
  const batch = { signal: task.signal, runId: task.runId, digest: 'blake3' as const, preserve: { owner: true, xattrs: true } };
  using made = await makePlan(task, { source, destination, batch, recorded: false }, log);
  for (const skip of [...made.skips, ...made.unknown]) log.skip(skip);
  log.unknown = made.unknown.length;
  log.verified = { method: 'readback', files: 0, bytes: 0n };
  log.counts.kept = made.counts.unchanged;
  for (const record of made.plan.records()) {
    if (record.state === RecordState.failed) {
      log.counts.failed++;
      continue;
    }
    if (record.op !== 'keep') {
      log.wrong(record.path, record.bytes, 'changed', `"${record.path}" differs: ${record.reason}.`);
      continue;
    }
    log.checked(record.path, record.bytes);
    if (record.sourceKind !== KIND_FILE) continue;
    log.verified.files++;
    log.verified.bytes += record.bytes;
  }
}
