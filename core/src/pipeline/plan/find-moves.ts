import { sameChangeTime, sameInode, sameModificationTime, samePermissions, sameSize } from '../../entries/stat-reader.ts';
import type { InodeList } from './inode-list.ts';
import type { Plan } from './plan.ts';
import { Confirm, type PlanRecord, RecordFlag } from './plan-record.ts';

/**
 * Finds files that only changed their name: the inode that has arrived at one path was recorded at another, with the same size
 * and time. Where also ctime is the same (a directory above it was renamed) that is proof; else the contents are compared first.
 */
export function findMoves(plan: Plan, arrived: InodeList, vacated: InodeList): void {
  if (arrived.length === 0 || vacated.length === 0) return;
  const [smaller, larger] = arrived.length <= vacated.length ? [arrived, vacated] : [vacated, arrived];
  const byInode = new Map<bigint, number[]>();
  for (const [ino, position] of smaller) {
    const positions = byInode.get(ino);
    if (positions === undefined) byInode.set(ino, [position]);
    else positions.push(position);
  }
  for (const [ino, position] of larger) {
    const others = byInode.get(ino);
    const index = others?.findIndex((other) => {
      const [to, from] = smaller === arrived ? [other, position] : [position, other];
      return makeMove(plan, plan.read(to), plan.read(from));
    });
    if (others !== undefined && index !== undefined && index >= 0) others.splice(index, 1);
  }
}

function makeMove(plan: Plan, to: PlanRecord, from: PlanRecord): boolean {
  const [source, before] = [to.source, from.manifest];
  const same = sameInode(source, before) && sameSize(source, before) && sameModificationTime(source, before);
  // What stays at its path, or may turn out to, is not there to be moved away.
  if (from.op === 'keep' || from.op === 'metadata') return false;
  if (!same || from.has(RecordFlag.carried) || from.movesAway || to.has(RecordFlag.obstacle) || to.op === 'keep') return false;
  const proven = sameChangeTime(source, before);
  const metadata = !proven || !samePermissions(source, before, true);
  plan.change(to.position, {
    op: 'move',
    reason: 'moved',
    origin: from.position,
    confirm: proven ? Confirm.none : Confirm.content,
    addFlags: metadata ? RecordFlag.metadataAfterMove : 0,
  });
  plan.change(from.position, { taker: to.position, ...(from.op === 'store' ? { confirm: Confirm.none } : {}) });
  return true;
}

/** Takes a move back: its content turned out to be another, or it cannot be done in any order. */
export function unmakeMove(plan: Plan, to: PlanRecord): void {
  plan.change(to.origin, { taker: -1 });
  const reason = to.has(RecordFlag.hasDestination) ? 'ctime' : 'new';
  const op = to.first >= 0 ? 'link' : 'store';
  plan.change(to.position, { op, reason, origin: -1, confirm: Confirm.none, dropFlags: RecordFlag.metadataAfterMove });
}
