import { HoldfastError } from '../../errors/holdfast-error.ts';
import { formatSize } from '../../values/format-values.ts';
import type { PlanFacts, PlanGuard } from './plan-guard.ts';

/** Files larger than this are looked at for holes before a run is refused. */
const LOOK_FOR_HOLES_FROM = 1n << 20n;

/**
 * Refuses a plan that needs more room than there is, counting what the layout could free (`reclaimable`, bytes).
 * Overridden by --allow-low-space.
 */
export function guardSpace(reclaimable: () => Promise<bigint>): PlanGuard {
  return async (facts) => {
    const { usage } = facts.destination.capabilities;
    if (usage === undefined || sharesBlocks(facts)) return;
    const { freeBytes } = await usage.usage(facts.options);
    if (facts.totals.storeBytes <= freeBytes) return;
    const needed = await allocatedBytes(facts);
    const room = freeBytes + (await reclaimable());
    if (needed <= room) return;
    throw new HoldfastError(
      'no-space',
      `The run would write ${formatSize(needed)} but ${facts.destination.traits.displayName} has room for ${formatSize(room)}. Nothing was changed.`,
      { hint: 'Free some space, use a larger disk, or try all the same with --allow-low-space.' },
    );
  };
}

/** Copies within a file system that can share blocks need next to no room. */
function sharesBlocks({ source, destination }: PlanFacts): boolean {
  const [from, to] = [source.traits.identity, destination.traits.identity];
  return from !== undefined && from.fileSystemId === to?.fileSystemId && ['btrfs', 'xfs'].includes(from.fileSystemType);
}

/** Bytes that the stores will take, without the holes of sparse files. */
async function allocatedBytes({ plan, source, options }: PlanFacts): Promise<bigint> {
  let total = 0n;
  for (const record of plan.records()) {
    if (record.op !== 'store') continue;
    if (source.extents === undefined || record.bytes < LOOK_FOR_HOLES_FROM) {
      total += record.bytes;
      continue;
    }
    for await (const extent of source.extents(record.entry(), options)) total += extent.length;
  }
  return total;
}
