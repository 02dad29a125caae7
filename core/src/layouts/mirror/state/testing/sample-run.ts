import type { RunRecord } from '../records/run-record.ts';

/** A run that changed nothing, with what a test wants of it. */
export function sampleRun(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  const time = id.replace(/T(\d\d)(\d\d)/, 'T$1:$2:');
  return {
    id,
    parentRunId: null,
    startedAt: time,
    finishedAt: time,
    status: 'ok',
    counts: { stored: 0, kept: 0, metadata: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0 },
    bytes: { read: 0n, written: 0n, stored: 0n },
    verified: { method: 'size', files: 0, bytes: 0n },
    options: {},
    manifest: 'unchanged',
    entries: 1,
    archived: { files: 0, bytes: 0n },
    notKept: 0,
    prunedAt: null,
    ...changes,
  };
}
