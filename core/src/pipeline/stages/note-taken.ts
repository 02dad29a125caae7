import { readSize } from '../../entries/stat-reader.ts';
import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import type { PlanRecord } from '../plan/plan-record.ts';
import type { RunLog } from '../run-log.ts';
import type { Task } from '../task.ts';

/** Counts what was at the record's path before, by where it went. Directories hold what is counted, and count for nothing. */
export function noteTaken({ task, log }: { readonly task: Task; readonly log: RunLog }, record: PlanRecord, isKept = true): void {
  if (record.destinationKind === KIND_DIRECTORY) return;
  if (isKept && task.layout.displacedKey(record.path) !== undefined) {
    log.archived.files++;
    log.archived.bytes += readSize(record.destination);
  } else log.notKept++;
}
