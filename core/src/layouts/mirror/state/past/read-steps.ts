import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { readNlink } from '../../../../entries/stat-reader.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_IMAGE } from '../../../../entries/stat-record.ts';
import { decodePath } from '../../../../paths/rel-path.ts';
import type { MirrorHistory } from '../chain/mirror-history.ts';
import { openDelta } from '../chain/open-state.ts';
import { type ManifestBlock, RowFlag } from '../manifest/manifest-block.ts';
import { readJournal } from '../records/run-journal.ts';
import { archiveKey } from '../state-keys.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';
import type { Step, StepIndex } from './step-index.ts';

/** Adds what a committed run did. */
export async function readCommittedSteps(
  destination: Destination,
  runId: string,
  run: number,
  index: StepIndex,
  options: CallOptions,
): Promise<void> {
  const cursor = new EntryCursor(openDelta(destination, runId, options));
  await cursor.start();
  while (!cursor.done) {
    do addRow(cursor, run, index);
    while (cursor.advance());
    await cursor.refill();
  }
}

/** Adds what a run that was never committed did, as far as it left traces: its archive, and the moves that it announced. */
export async function readInterruptedSteps(
  destination: Destination,
  runId: string,
  run: number,
  history: Pick<MirrorHistory, 'archived' | 'journaled'>,
  index: StepIndex,
  options: CallOptions,
): Promise<void> {
  const root = archiveKey(runId);
  if (history.archived.has(runId)) {
    for await (const objects of destination.list(root, options)) {
      for (const { key, kind } of objects) {
        if (kind !== 'directory') index.add(key.slice(root.length + 1) as RelPath, { run, kind: 'archived' });
      }
    }
  }
  if (!history.journaled.has(runId)) return;
  for await (const { from, to } of readJournal(destination, runId, options)) index.add(from, { run, kind: 'maybe-moved', to });
}

function addRow(cursor: EntryCursor<ManifestBlock>, run: number, index: StepIndex): void {
  const { block, index: row, path } = cursor;
  const flags = block.rowFlags[row] ?? 0;
  if ((flags & RowFlag.context) !== 0) return;
  const isFile = (flags & RowFlag.deleted) === 0 && (cursor.kindCode === KIND_FILE || cursor.kindCode === KIND_IMAGE);
  const now = isFile ? { now: fingerprintOf(block, row) } : {};
  const movedFrom = block.movedFromAt(row);
  if (movedFrom !== undefined) index.add(decodePath(movedFrom), { run, kind: 'moved', to: path, ...now });
  if (now.now !== undefined && readNlink(cursor.stat) > 1) index.addLink({ run, path, now: now.now });
  const step = stepOf(flags, cursor.kindCode, run, now);
  if (step !== undefined) index.add(path, step);
}

/** What became of what was at the row's path. Where it moved away, the row that it moved to tells. */
function stepOf(flags: number, kind: number, run: number, now: { readonly now?: Fingerprint }): Step | undefined {
  if ((flags & (RowFlag.deleted | RowFlag.replaced)) !== 0) {
    if ((flags & RowFlag.archived) !== 0) return { run, kind: 'archived', ...now };
    return (flags & RowFlag.movedAway) === 0 ? { run, kind: 'gone', ...now } : undefined;
  }
  if (kind === KIND_DIRECTORY) return { run, kind: 'directory' };
  return now.now === undefined ? { run, kind: 'gone' } : { run, kind: 'present', now: now.now };
}
