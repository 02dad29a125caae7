import { writeSnapshot } from '../format/documents/snapshot-file.ts';
import { isSameId } from '../format/object-id.ts';
import type { BackupTask } from './backup-task.ts';
import { makeSnapshot } from './make-snapshot.ts';
import { writeBackup } from './write-backup.ts';

/**
 * Makes a new version in a repository, whose lock is held and whose index is loaded. Resolves with the snapshot's id; with undefined after a
 * dry run, and where nothing changed and none was wanted then. What concerns single entries is counted and told; rejects with what ends
 * the backup, and there is no snapshot then. `version` is the program's.
 */
export async function runBackup(task: BackupTask, version: string): Promise<string | undefined> {
  const { repository, parent, options, log, signal } = task;
  log.enter('transfer', totalOf(task));
  const written = await writeBackup(task);
  if (options.dryRun) return undefined;
  if (options.skipIfUnchanged && parent !== undefined && isSameId(parent.file.tree, written.tree)) return undefined;
  log.enter('commit');
  signal.throwIfAborted();
  const id = await repository.saveUnpacked('snapshot', writeSnapshot(makeSnapshot(task, written, version)));
  await repository.objects.flush();
  return id;
}

/** What the last version came to is the best guess that there is. */
function totalOf({ parent }: BackupTask): { files: number; bytes: bigint } | undefined {
  const summary = parent?.file.summary;
  if (summary === undefined) return undefined;
  return { files: Number(summary.total_files_processed), bytes: summary.total_bytes_processed };
}
