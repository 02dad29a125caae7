import type { SnapshotFile } from '../format/documents/snapshot-file.ts';
import type { SnapshotSummary } from '../format/documents/snapshot-summary.ts';
import { TimeFormatter } from '../format/go-text/time-formatter.ts';
import { parseId } from '../format/object-id.ts';
import type { BackupTask } from './backup-task.ts';
import type { WrittenTree } from './write-backup.ts';

/** How this program names itself in snapshots; see `trustsAttributes`. */
const PROGRAM = 'holdfast';
const NS_PER_MS = 1_000_000n;

/** The snapshot of a finished backup. `version` is that of the program. */
export function makeSnapshot(task: BackupTask, written: WrittenTree, version: string): SnapshotFile {
  const { facts, options, parent, repository } = task;
  const { username, uid, gid } = repository.identity;
  const times = new TimeFormatter(options.timeZone);
  const time = (date: Date): string => times.format(BigInt(date.getTime()) * NS_PER_MS);
  return {
    time: time(facts.time),
    parent: parent === undefined ? undefined : parseId(parent.id),
    tree: written.tree,
    paths: facts.paths,
    hostname: facts.hostname,
    username,
    uid,
    gid,
    excludes: facts.excludes,
    tags: facts.tags,
    original: undefined,
    programVersion: `${PROGRAM} ${version}${options.xattrs ? '' : ' (without extended attributes)'}`,
    summary: makeSummary(written, time(task.began), time(task.clock.now())),
    unknown: new Map(),
  };
}

function makeSummary({ log, packs, trees }: WrittenTree, began: string, ended: string): SnapshotSummary {
  const { files, dirs, bytes } = log.totals;
  return {
    backup_start: began,
    backup_end: ended,
    files_new: BigInt(files.new),
    files_changed: BigInt(files.changed),
    files_unmodified: BigInt(files.unmodified),
    dirs_new: BigInt(dirs.new),
    dirs_changed: BigInt(dirs.changed),
    dirs_unmodified: BigInt(dirs.unmodified),
    data_blobs: BigInt(log.data.blobs),
    tree_blobs: BigInt(trees.newTrees),
    data_added: BigInt(log.data.bytes + trees.newBytes),
    data_added_packed: BigInt(packs.blobBytes),
    total_files_processed: BigInt(files.new + files.changed + files.unmodified),
    total_bytes_processed: bytes,
    unknown: new Map(),
  };
}
