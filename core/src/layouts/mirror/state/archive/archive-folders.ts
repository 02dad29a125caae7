import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { MirrorHistory } from '../chain/mirror-history.ts';
import type { RunRecord } from '../records/run-record.ts';
import { archiveKey } from '../state-keys.ts';
import type { ArchiveFolder } from './choose-pruned.ts';

/** An archive folder with the record of its run; a run that was interrupted has none. */
export interface RunArchive extends ArchiveFolder {
  readonly files: number;
  readonly run: RunRecord | undefined;
}

/** The archive folders of a mirror's runs, oldest first. Sizes come from the records; those of interrupted runs are measured. */
export async function listArchives(
  destination: Destination,
  history: MirrorHistory,
  options: CallOptions,
): Promise<RunArchive[]> {
  const archives: RunArchive[] = [];
  for (const runId of [...history.archived].sort()) {
    const run = history.runs.find(({ id }) => id === runId);
    archives.push({ runId, run, ...(run?.archived ?? (await measure(destination, runId, options))) });
  }
  return archives;
}

async function measure(destination: Destination, runId: string, options: CallOptions): Promise<{ files: number; bytes: bigint }> {
  let files = 0;
  let bytes = 0n;
  for await (const objects of destination.list(archiveKey(runId), options)) {
    for (const { kind, size } of objects) {
      if (kind === 'directory') continue;
      files++;
      bytes += size;
    }
  }
  return { files, bytes };
}
