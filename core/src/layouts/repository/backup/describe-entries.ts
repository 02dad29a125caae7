import type { EntryMetadata } from '../../../contracts/entry.ts';
import type { Source } from '../../../contracts/source.ts';
import { isItemError } from './is-item-error.ts';
import type { PendingEntry } from './pending-entry.ts';

/**
 * Adds the extended attributes to those entries of a block that lack them, all of one source at once. One that cannot be described has its
 * `error` then. Rejects with what ends the backup.
 */
export async function describeEntries(block: readonly PendingEntry[], signal: AbortSignal): Promise<void> {
  const bySource = Map.groupBy(
    block.filter(({ attributes }) => attributes === undefined),
    ({ source }) => source,
  );
  await Promise.all(Array.from(bySource, ([source, entries]) => describeGroup(source, entries, signal)));
}

async function describeGroup(source: Source, group: readonly PendingEntry[], signal: AbortSignal): Promise<void> {
  try {
    const described = await source.describe(
      group.map(({ entry }) => entry),
      { signal },
    );
    for (const [index, pending] of group.entries()) take(pending, described[index]);
  } catch (error) {
    if (!isItemError(error)) throw error;
    const [first] = group;
    if (first === undefined) return;
    if (group.length === 1) {
      first.error = error;
      return;
    }
    // One of them is gone: the others are not to suffer from it.
    const at = group.findIndex(({ entry }) => entry.path === error.path);
    const middle = at < 0 ? group.length >> 1 : Math.max(1, at);
    await describeGroup(source, group.slice(0, middle), signal);
    await describeGroup(source, group.slice(middle, middle + 1), signal);
    await describeGroup(source, group.slice(middle + 1), signal);
  }
}

function take(pending: PendingEntry, metadata: EntryMetadata | undefined): void {
  const { xattrs } = metadata ?? {};
  pending.attributes = xattrs === undefined ? [] : Array.from(xattrs, ([name, value]) => ({ name, value }));
}
