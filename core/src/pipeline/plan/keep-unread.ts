import type { RelPath } from '../../contracts/rel-path.ts';
import type { ScanSkip } from '../../contracts/source.ts';
import { isWithin } from '../../paths/rel-path.ts';
import type { Plan } from './plan.ts';
import { RecordFlag } from './plan-record.ts';

/**
 * Keeps at the destination what could not be read in the source: it may still be there, so it is neither deleted nor moved to where the
 * same file was found under another name. Called before moves are looked for.
 */
export function keepUnread(plan: Plan, skips: readonly ScanSkip[]): void {
  if (skips.length === 0) return;
  for (const record of plan.records('retire')) {
    if (record.has(RecordFlag.carried) || !skips.some((skip) => covers(skip, record.path))) continue;
    plan.change(record.position, { op: 'keep', reason: 'same', addFlags: RecordFlag.noRow });
  }
}

/** Whether a scan that left this out says nothing about `path`. A directory that cannot be listed was itself seen. */
export function covers(skip: ScanSkip, path: RelPath): boolean {
  return skip.subtree ? path !== skip.path && isWithin(path, skip.path) : path === skip.path;
}
