import type { SnapshotFile } from '../../format/documents/snapshot-file.ts';

/** Which snapshots to look at: each kind that is given must fit. */
export interface SnapshotFilter {
  /** One of these. */
  readonly hosts: readonly string[];
  /** All tags of one of these lists; an empty tag stands for none at all. */
  readonly tags: readonly (readonly string[])[];
  /** All of these, absolute. */
  readonly paths: readonly string[];
}

type Described = { readonly file: Pick<SnapshotFile, 'hostname' | 'tags' | 'paths'> };

export function isSelected(snapshot: Described, { hosts, tags, paths }: SnapshotFilter): boolean {
  const { file } = snapshot;
  return (
    (hosts.length === 0 || hosts.includes(file.hostname)) &&
    (tags.length === 0 || tags.some((list) => hasTags(snapshot, list))) &&
    paths.every((path) => file.paths.includes(path))
  );
}

/** Whether it has all of these tags; an empty one stands for none at all. */
export function hasTags({ file }: { readonly file: Pick<SnapshotFile, 'tags'> }, list: readonly string[]): boolean {
  if (list.includes('') && file.tags.length === 0) return true;
  return list.every((tag) => file.tags.includes(tag));
}
