import type { Scope } from '../container/scope.ts';
import { openMirror } from './open-mirror.ts';
import type { SnapshotLine } from './requests.ts';

/** The versions of a location, oldest first. Rejects with `not-a-mirror` and what opening rejects with. */
export async function* listSnapshots(program: Scope, location: string): AsyncGenerator<SnapshotLine> {
  await using scope = program.child('snapshots');
  const { history } = await openMirror(scope, location);
  for (const run of history.runs) {
    yield {
      id: run.id,
      time: run.startedAt,
      finished: run.finishedAt,
      status: run.status,
      entries: run.entries,
      stored: run.counts.stored,
      retired: run.counts.retired,
      bytesStored: run.bytes.stored,
      archived: { ...run.archived, pruned: run.prunedAt !== null },
    };
  }
}
