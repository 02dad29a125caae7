import * as v from 'valibot';
import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import { mirrorKey } from '../state-keys.ts';
import { readDocument, treeIdentity, writeDocument } from './json-document.ts';

const schema = v.object({
  /** Marks this mirror, wherever its files are copied to. */
  destinationId: v.pipe(v.string(), v.nonEmpty()),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  /** Where the mirror was at its last commit; null where the destination does not tell. */
  volume: v.nullable(treeIdentity),
  source: v.object({ displayName: v.string(), identity: v.nullable(treeIdentity) }),
  /** The last run that was committed; its manifest is the one to trust. */
  currentRunId: v.nullable(v.string()),
});

/** What `.holdfast/mirror.json` says. */
export type MirrorRecord = Readonly<v.InferOutput<typeof schema>>;

/** The record of a mirror; undefined where there is no mirror. Throws `state-damaged`, `format-unknown`. */
export async function readMirror(destination: Destination, options: CallOptions): Promise<MirrorRecord | undefined> {
  return readDocument(destination, mirrorKey, schema, options);
}

/** Replaces the record in one step: the last thing that a commit writes. */
export async function writeMirror(destination: Destination, record: MirrorRecord, options: CallOptions): Promise<void> {
  await writeDocument(destination, mirrorKey, record, options);
}
