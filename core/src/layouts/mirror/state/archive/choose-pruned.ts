import type { Usage } from '../../../../contracts/capabilities.ts';
import { parseRunId } from '../records/run-id.ts';
import type { KeepRule } from './keep-rules.ts';

/** What one run put into the safety net. */
export interface ArchiveFolder {
  readonly runId: string;
  readonly bytes: bigint;
}

export interface PruneFacts {
  readonly now: Date;
  /** Of the destination; undefined where it does not tell, then no rule about free space applies. */
  readonly usage: Pick<Usage, 'totalBytes' | 'freeBytes'> | undefined;
  /** The run that is going on, whose archive is never pruned. */
  readonly protectedRunId?: string;
}

/** Which folders the rules give up: each that any rule does, oldest first. */
export function choosePruned<Folder extends ArchiveFolder>(
  folders: readonly Folder[],
  rules: readonly KeepRule[],
  facts: PruneFacts,
): Folder[] {
  const oldestFirst = folders.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
  const pruned = new Set<Folder>();
  const giveUp = (some: readonly Folder[]): void => {
    for (const folder of some) if (folder.runId !== facts.protectedRunId) pruned.add(folder);
  };
  for (const rule of rules) {
    if (rule.kind === 'age') giveUp(oldestFirst.filter(({ runId }) => startOf(runId) < facts.now.getTime() - rule.ms));
    if (rule.kind === 'size') giveUp(beyondSize(oldestFirst, rule.bytes));
  }
  const freeWanted = wantedFreeBytes(rules, facts.usage);
  let free = facts.usage?.freeBytes ?? 0n;
  for (const folder of pruned) free += folder.bytes;
  for (const folder of oldestFirst) {
    if (free >= freeWanted) break;
    if (pruned.has(folder) || folder.runId === facts.protectedRunId) continue;
    pruned.add(folder);
    free += folder.bytes;
  }
  return oldestFirst.filter((folder) => pruned.has(folder));
}

function beyondSize<Folder extends ArchiveFolder>(oldestFirst: readonly Folder[], limit: bigint): Folder[] {
  let sum = 0n;
  for (let i = oldestFirst.length - 1; i >= 0; i--) {
    sum += oldestFirst[i]?.bytes ?? 0n;
    if (sum > limit) return oldestFirst.slice(0, i + 1);
  }
  return [];
}

function wantedFreeBytes(rules: readonly KeepRule[], usage: PruneFacts['usage']): bigint {
  let wanted = 0n;
  if (usage === undefined) return wanted;
  for (const rule of rules) {
    const bytes =
      rule.kind === 'free'
        ? rule.bytes
        : rule.kind === 'free-percent'
          ? (usage.totalBytes * BigInt(Math.round(rule.percent * 1000))) / 100_000n
          : 0n;
    if (bytes > wanted) wanted = bytes;
  }
  return wanted;
}

/** A folder whose name is no run's id is taken for new: nothing here may be deleted on a guess. */
function startOf(runId: string): number {
  return parseRunId(runId)?.getTime() ?? Infinity;
}
