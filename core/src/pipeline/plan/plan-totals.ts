import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import type { Plan } from './plan.ts';
import { RecordFlag } from './plan-record.ts';

/** What a plan amounts to. */
export interface PlanTotals {
  /** Entries that are written, and the bytes of the files among them. */
  stores: number;
  storeBytes: bigint;
  metadata: number;
  moves: number;
  links: number;
  /** Retired entries, and those of them that are no directories. */
  retires: number;
  retiredFiles: number;
  /** Existing entries that are replaced. */
  replaced: number;
  /** Records that change something. */
  changes: number;
  /** Entries that take the place of another kind of thing, and names of inodes that have several. */
  obstacles: number;
  linked: number;
}

export function addUpPlan(plan: Plan): PlanTotals {
  const totals: PlanTotals = {
    stores: 0,
    storeBytes: 0n,
    metadata: 0,
    moves: 0,
    links: 0,
    retires: 0,
    retiredFiles: 0,
    replaced: 0,
    changes: 0,
    obstacles: 0,
    linked: 0,
  };
  for (const record of plan.records()) {
    if (record.op !== 'keep') totals.changes++;
    if (record.has(RecordFlag.obstacle)) totals.obstacles++;
    if (record.has(RecordFlag.linked)) totals.linked++;
    if (record.op === 'store' && record.has(RecordFlag.hasDestination) && !record.movesAway) totals.replaced++;
    switch (record.op) {
      case 'store':
      case 'patch':
        totals.stores++;
        totals.storeBytes += record.bytes;
        break;
      case 'link':
        totals.links++;
        break;
      case 'move':
        totals.moves++;
        break;
      case 'metadata':
        totals.metadata++;
        break;
      case 'retire':
        if (record.movesAway) break;
        totals.retires++;
        if (record.destinationKind !== KIND_DIRECTORY) totals.retiredFiles++;
        break;
      case 'keep':
        break;
      default:
        record.op satisfies never;
    }
  }
  return totals;
}
