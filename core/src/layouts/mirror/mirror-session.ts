import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { Entry } from '../../contracts/entry.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryBatch, ScanOptions, Source } from '../../contracts/source.ts';
import type { Clock } from '../../environment/clock.ts';
import { rootPath } from '../../paths/rel-path.ts';
import type { CommitOutcome, LayoutSession, PlannedMove, RecordedBlock } from '../../pipeline/layout.ts';
import { addRows } from './add-rows.ts';
import type { SafetyNet } from './safety-net.ts';
import { commitRun } from './state/chain/commit-run.ts';
import { openBaseline } from './state/chain/open-state.ts';
import { ManifestRowWriter } from './state/manifest/manifest-row-writer.ts';
import { type MirrorRecord, writeMirror } from './state/records/mirror-record.ts';
import { writeJournal } from './state/records/run-journal.ts';
import type { RunRecord } from './state/records/run-record.ts';
import { stateRoot } from './state/state-keys.ts';

export interface MirrorSessionOptions {
  readonly destination: Destination;
  /** What `.holdfast/mirror.json` says, or will say of a mirror that is new. */
  readonly mirror: MirrorRecord;
  /** Set for a mirror that is new: called before anything is written. */
  readonly beforeFirst?: () => Promise<void>;
  readonly source: Source;
  readonly runId: string;
  readonly safetyNet: SafetyNet;
  /** Take the destination to be as the last run left it, without looking. */
  readonly quick: boolean;
  /** The options of the run as a user writes them, for its record. */
  readonly recordedOptions: RunRecord['options'];
  readonly scratch: string;
  readonly clock: Clock;
}

/** A browsable copy with its records and its safety net in `.holdfast/`; docs/formats/mirror-layout.md describes what is there. */
export class MirrorSession implements LayoutSession {
  readonly destination: Destination;
  readonly keepsRecords = true;
  readonly #options: MirrorSessionOptions;
  readonly #mirror: MirrorRecord;
  readonly #startedAt: string;

  constructor(options: MirrorSessionOptions) {
    this.#options = options;
    this.destination = options.destination;
    this.#startedAt = options.clock.now().toISOString();
    const { displayName, identity = null } = options.source.traits;
    this.#mirror = { ...options.mirror, source: { displayName, identity }, volume: options.destination.traits.identity ?? null };
  }

  scan(options: ScanOptions): AsyncIterable<EntryBatch> | undefined {
    const { directories } = this.destination.capabilities;
    if (directories === undefined || (this.#options.quick && this.#mirror.currentRunId !== null)) return undefined;
    return directories.scan(rootPath, options);
  }

  recorded(options: CallOptions): AsyncIterable<RecordedBlock> | undefined {
    return this.#mirror.currentRunId === null ? undefined : openBaseline(this.destination, this.#mirror, options);
  }

  displacedKey(path: RelPath): RelPath | undefined {
    return this.#options.safetyNet.displacedKey(path);
  }

  async begin(options: CallOptions): Promise<void> {
    const { beforeFirst, safetyNet } = this.#options;
    if (beforeFirst === undefined) {
      await safetyNet.prune(options);
      return;
    }
    const { metadata } = this.destination.capabilities;
    const root = await metadata?.read(rootPath, options);
    await beforeFirst();
    await writeMirror(this.destination, this.#mirror, options);
    // The records name what lies in directories that not everybody may list.
    const entry: Entry = { path: stateRoot, kind: 'directory', metadata: { mode: 0o700 } };
    await metadata?.apply(stateRoot, entry, entry.metadata, options);
    // That there is a folder of our own now is no change of the tree: its root may be as it should be already.
    if (root?.mtimeNs === undefined) return;
    const { mtimeNs } = root;
    await metadata?.apply(rootPath, { kind: 'directory', path: rootPath, metadata: root }, { mtimeNs }, options);
  }

  async announceMoves(moves: AsyncIterable<readonly PlannedMove[]>, options: CallOptions): Promise<void> {
    const { runId, scratch } = this.#options;
    await writeJournal(this.destination, { runId, parentRunId: this.#mirror.currentRunId }, moves, scratch, options);
  }

  makeRoom(bytes: bigint, options: CallOptions): Promise<boolean> {
    return this.#options.safetyNet.makeRoom(bytes, options);
  }

  async commit(outcome: CommitOutcome): Promise<string> {
    const { runId, scratch, safetyNet } = this.#options;
    const parentRunId = this.#mirror.currentRunId;
    const kind = parentRunId === null ? 'base' : 'delta';
    using writer = new ManifestRowWriter({ runId, parentRunId, kind, digests: ['blake3'] }, scratch);
    await addRows(writer, outcome, safetyNet.isOn);
    const manifest = kind === 'delta' && writer.rows === 0 ? 'unchanged' : kind;
    const run = this.#runRecord(outcome, manifest);
    await commitRun({ destination: this.destination, mirror: this.#mirror, run, manifest: writer, scratch }, outcome.options);
    return runId;
  }

  #runRecord(outcome: CommitOutcome, manifest: RunRecord['manifest']): RunRecord {
    const { counts, bytes, verified, archived, notKept } = outcome;
    const { runId, clock, recordedOptions } = this.#options;
    return {
      id: runId,
      parentRunId: this.#mirror.currentRunId,
      startedAt: this.#startedAt,
      finishedAt: clock.now().toISOString(),
      status: outcome.complete ? 'ok' : 'partial',
      counts: { ...counts },
      bytes: { ...bytes },
      verified: { ...verified },
      options: recordedOptions,
      manifest,
      entries: counts.stored + counts.kept + counts.metadata + counts.renamed,
      archived: { ...archived },
      notKept,
      prunedAt: null,
    };
  }
}
