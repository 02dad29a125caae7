import type { BatchResult } from '../../contracts/batch.ts';
import { KIND_FILE, StatFlag } from '../../entries/stat-record.ts';
import { knows, sameModificationTime, sameSize } from '../../entries/stat-reader.ts';
import type { Operation } from '../transfer/operation.ts';
import type { Plan } from '../plan/plan.ts';
import { type PlanRecord, RecordFlag, RecordState } from '../plan/plan-record.ts';
import { type RunContext, runStage } from './run-stage.ts';

/** Proves what was stored, by the task's method. What is proved wrong counts as failed. */
export async function verify(context: RunContext): Promise<void> {
  const { task, log, plan } = context;
  const sources = new Set<string>();
  log.verified = { method: task.verify, files: 0, bytes: 0n };
  if (task.verify === 'size') {
    const { traits } = task.layout.destination;
    for (const record of plan.records('store'))
      if (isStored(record))
        note(context, record, hasWrongSize(record, traits.mtimeResolutionNs) ? 'its size is another' : undefined);
    return;
  }
  await task.layout.destination.flush({ signal: task.signal });
  await runStage(
    context,
    () => plan.records('store'),
    (record) => (isStored(record) ? verifyOperation(context, record) : undefined),
    (record, result) => {
      if (result.readFrom !== undefined) sources.add(result.readFrom);
      note(context, record, verdict(record, result));
    },
  );
  if (sources.size > 0) log.verified = { ...log.verified, method: `digest (read from ${[...sources].sort().join(' and ')})` };
}

/** What there is to prove. */
export function countStored(plan: Plan): { files: number; bytes: bigint } {
  const total = { files: 0, bytes: 0n };
  for (const record of plan.records('store')) {
    if (!isStored(record)) continue;
    total.files++;
    total.bytes += record.bytes;
  }
  return total;
}

/** A file that changed after the scan is stored as it was read, with the time that it had then: its size proves nothing. */
function hasWrongSize({ source, destination }: PlanRecord, resolutionNs: bigint): boolean {
  const changedBefore = knows(destination, StatFlag.mtime) && !sameModificationTime(source, destination, resolutionNs);
  return !sameSize(source, destination) && !changedBefore;
}

function isStored(record: PlanRecord): boolean {
  return record.op === 'store' && record.state === RecordState.done && record.sourceKind === KIND_FILE;
}

function verifyOperation(context: RunContext, record: PlanRecord): Operation {
  const base = { id: record.position, key: record.path };
  if (context.task.verify === 'digest' && record.digest !== undefined) return { ...base, op: 'inspect', digest: 'blake3' };
  const entry = record.entry();
  return { ...base, op: 'compare', entry, content: context.task.source.content(entry), what: 'content' };
}

function verdict(record: PlanRecord, result: BatchResult): string | undefined {
  if (result.error !== undefined) return result.error.message;
  if (result.equal !== undefined) return result.equal ? undefined : 'its bytes are not those of the source';
  const same =
    result.digest !== undefined && record.digest !== undefined && Buffer.compare(result.digest.value, record.digest) === 0;
  return same ? undefined : 'its digest is not that of what was read';
}

function note(context: RunContext, record: PlanRecord, wrong: string | undefined): void {
  const { log, plan } = context;
  if (wrong === undefined) {
    log.proved(record);
    return;
  }
  plan.change(record.position, { state: RecordState.failed, addFlags: RecordFlag.noRow });
  const message = `"${record.path}" was written but is not right: ${wrong}.`;
  log.item(record, { id: record.position, error: { code: 'verify-failed', message } }, 'verify');
}
