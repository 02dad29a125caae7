import type { SnapshotFile } from '../../format/documents/snapshot-file.ts';

/** What snapshots may be grouped by. */
export const groupKeys = ['host', 'paths', 'tags'] as const;

export type GroupKey = (typeof groupKeys)[number];

type Groupable = { readonly file: Pick<SnapshotFile, 'hostname' | 'tags' | 'paths'> };

/** Those that are equal in all of `by` together, whatever the order of paths and tags; in the order in which groups first come. */
export function groupSnapshots<Snapshot extends Groupable>(
  snapshots: readonly Snapshot[],
  by: readonly GroupKey[],
): Snapshot[][] {
  const groups = Map.groupBy(snapshots, ({ file }) =>
    JSON.stringify([
      by.includes('host') ? file.hostname : '',
      by.includes('paths') ? file.paths.toSorted() : [],
      by.includes('tags') ? file.tags.toSorted() : [],
    ]),
  );
  return [...groups.values()];
}
