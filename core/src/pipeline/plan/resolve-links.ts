import { readIno, sameInode } from '../../entries/stat-reader.ts';
import { touchDirectory } from './ancestor-trail.ts';
import { unmakeMove } from './find-moves.ts';
import type { Plan } from './plan.ts';
import { type PlanRecord, RecordFlag, RecordState } from './plan-record.ts';

/**
 * Settles, now that it is certain what happens to the first name of each inode, what happens to its further names:
 * they stay where they are names of the same inode at the destination already, come with it when they move, and are linked otherwise.
 */
export function resolveLinks(plan: Plan): void {
  const above: (number | undefined)[] = [];
  for (const record of plan.records()) {
    if (record.has(RecordFlag.counted)) above[record.depth] = record.position;
    else above[record.depth] = undefined;
    if (record.first < 0 || record.state === RecordState.failed) continue;
    const first = plan.read(record.first);
    if (record.op === 'move') {
      if (!movesToFirst(plan, record, first)) unmakeMove(plan, record);
      continue;
    }
    const op = staysLinked(plan, record, first) ? 'keep' : 'link';
    if (op === record.op) continue;
    const reason = op === 'keep' ? 'same' : record.has(RecordFlag.hasDestination) ? 'link' : 'new';
    plan.change(record.position, { op, reason, dropFlags: op === 'link' ? RecordFlag.noRow : RecordFlag.obstacle });
    if (op === 'link')
      for (const position of above.slice(0, record.depth)) if (position !== undefined) touchDirectory(plan, position);
  }
}

/** Whether a further name that moves brings the inode that the first name has or gets: it may have been an inode of its own before. */
function movesToFirst(plan: Plan, record: PlanRecord, first: PlanRecord): boolean {
  const { destination } = plan.read(record.origin);
  if (first.op === 'move') return sameInode(destination, plan.read(first.origin).destination);
  return first.op !== 'store' && first.has(RecordFlag.hasDestination) && sameInode(destination, first.destination);
}

function staysLinked(plan: Plan, record: PlanRecord, first: PlanRecord): boolean {
  if (!record.has(RecordFlag.hasDestination) || record.movesAway || first.op === 'store') return false;
  if (first.op === 'move') return sameInode(record.destination, plan.read(first.origin).destination);
  return first.has(RecordFlag.hasDestination) && readIno(record.destination) === readIno(first.destination);
}
