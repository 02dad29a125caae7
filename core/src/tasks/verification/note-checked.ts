import type { OperationReason } from '../../contracts/events.ts';
import { readSize } from '../../entries/stat-reader.ts';
import { KIND_FILE } from '../../entries/stat-record.ts';
import type { Plan } from '../../pipeline/plan/plan.ts';
import { encodePath } from '../../paths/rel-path.ts';
import type { RunLog } from '../../pipeline/run-log.ts';
import { encodeExtras } from '../../layouts/mirror/state/manifest/row-extras.ts';
import type { Checked, CheckedRow } from './check-mirror.ts';

const words: Readonly<Record<Checked['verdict'], string>> = {
  intact: 'is intact',
  unproved: 'has no recorded digest',
  changed: 'was changed at the destination',
  damaged: 'is damaged: nobody wrote to it, and yet its bytes are not those that were recorded',
  missing: 'is missing at the destination',
};

/** Counts and tells what a check came to. Answers whether the entry is as it should be. A digest that was missing gets a record in `plan`. */
export function noteChecked({ row, verdict, result }: Checked, plan: Plan, log: RunLog): boolean {
  const bytes = readSize(row.source);
  log.bytes.read += result.bytesRead ?? 0n;
  if (verdict === 'intact' || verdict === 'unproved') {
    log.checked(row.path, bytes);
    if (row.source[0] === KIND_FILE) {
      log.verified.files++;
      log.verified.bytes += bytes;
    }
    if (verdict === 'unproved' && result.digest !== undefined)
      recordRow(plan, row, 'same', result.stat, { ...row.extras, digest: result.digest });
    return true;
  }
  log.wrong(row.path, bytes, verdict, `"${row.path}" ${words[verdict]}.`);
  return false;
}

/** Gives a row of the manifest another record of what is at the destination. */
export function recordRow(
  plan: Plan,
  row: CheckedRow,
  reason: OperationReason,
  stat: Uint8Array | undefined,
  extras: CheckedRow['extras'],
): void {
  plan.append({
    op: 'keep',
    reason,
    pathBytes: encodePath(row.path),
    depth: row.depth,
    source: row.source,
    target: row.target,
    destination: stat ?? row.destination,
    manifest: row.source,
    extras: encodeExtras(extras),
  });
}
