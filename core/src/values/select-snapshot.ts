import { HoldfastError } from '../errors/holdfast-error.ts';
import type { SnapshotSelector } from './parse-snapshot-selector.ts';

interface DatedSnapshot {
  readonly id: string;
  readonly time: Date;
}

/**
 * The snapshot that a selector means, of some in any order. Throws `snapshot-missing` when there is none, `usage` when an id's
 * beginning fits several. `written` is what the user wrote.
 */
export function selectSnapshot<Snapshot extends DatedSnapshot>(
  snapshots: readonly Snapshot[],
  selector: SnapshotSelector,
  written: string,
): Snapshot {
  const newestFirst = snapshots.toSorted((a, b) => b.time.getTime() - a.time.getTime());
  const found = find(newestFirst, selector, written);
  if (found !== undefined) return found;
  const oldest = newestFirst.at(-1);
  const known =
    oldest === undefined ? 'there is none at all' : `there are ${newestFirst.length}, the oldest of ${oldest.time.toISOString()}`;
  throw new HoldfastError('snapshot-missing', `There is no version "${written}" (${known}).`);
}

function find<Snapshot extends DatedSnapshot>(
  newestFirst: readonly Snapshot[],
  selector: SnapshotSelector,
  written: string,
): Snapshot | undefined {
  switch (selector.kind) {
    case 'latest':
      return newestFirst[selector.back];
    case 'time':
      return newestFirst.find(({ time }) => time.getTime() <= selector.notAfter.getTime());
    case 'id':
      return findById(newestFirst, selector.prefix, written);
    default:
      return selector satisfies never;
  }
}

function findById<Snapshot extends DatedSnapshot>(
  snapshots: readonly Snapshot[],
  prefix: string,
  written: string,
): Snapshot | undefined {
  const exact = snapshots.find(({ id }) => id === prefix);
  if (exact !== undefined) return exact;
  const [first, second] = snapshots.filter(({ id }) => id.startsWith(prefix));
  if (first !== undefined && second !== undefined) {
    throw new HoldfastError('usage', `Several versions begin with "${written}", for example ${first.id} and ${second.id}.`, {
      hint: 'Write more of the id.',
    });
  }
  return first;
}
