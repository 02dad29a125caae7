import * as v from 'valibot';
import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import { runKey } from '../state-keys.ts';
import { bigCount, readDocument, writeDocument } from './json-document.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const schema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  parentRunId: v.nullable(v.string()),
  startedAt: time,
  finishedAt: time,
  status: v.picklist(['ok', 'partial', 'failed', 'refused', 'interrupted']),
  counts: v.object({
    stored: count,
    kept: count,
    metadata: count,
    renamed: count,
    retired: count,
    excluded: count,
    skipped: count,
    failed: count,
  }),
  bytes: v.object({ read: bigCount, written: bigCount, stored: bigCount }),
  verified: v.object({ method: v.string(), files: count, bytes: bigCount }),
  /** The options that changed what the run did, as a user writes them. */
  options: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])),
  /** What of the manifest the run wrote: `unchanged` has nothing to add to the run before. */
  manifest: v.picklist(['base', 'delta', 'unchanged']),
  /** Entries of the tree after the run. */
  entries: count,
  /** What the run put into its archive. */
  archived: v.object({ files: count, bytes: bigCount }),
  /** What the run replaced or deleted without keeping it. */
  notKept: count,
  /** When the run's archive was pruned; null while it is there. */
  prunedAt: v.nullable(time),
});

/** One run that was committed to a mirror. */
export type RunRecord = Readonly<v.InferOutput<typeof schema>>;

/** The record of a run; undefined where there is none. Throws `state-damaged`, `format-unknown`. */
export async function readRun(destination: Destination, runId: string, options: CallOptions): Promise<RunRecord | undefined> {
  return readDocument(destination, runKey(runId), schema, options);
}

export async function writeRun(destination: Destination, record: RunRecord, options: CallOptions): Promise<void> {
  await writeDocument(destination, runKey(record.id), record, options);
}
