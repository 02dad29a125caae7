import type { OperationName, OperationReason } from '../../../contracts/events.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import type { ScanSkip } from '../../../contracts/source.ts';
import type { RunLog } from '../../../pipeline/run-log.ts';
import type { StoredFile } from '../engine/stored-file.ts';
import type { PendingEntry } from './pending-entry.ts';

type Kind = 'files' | 'dirs';
type Fate = 'new' | 'changed' | 'unmodified';

/** Counts what becomes of every entry, and tells it: selected = stored + kept + metadata + skipped + failed. */
export class BackupLog {
  /** As the snapshot's summary has them: files are all that is no directory. */
  readonly totals: Record<Kind, Record<Fate, number>> & { bytes: bigint } = {
    files: { new: 0, changed: 0, unmodified: 0 },
    dirs: { new: 0, changed: 0, unmodified: 0 },
    bytes: 0n,
  };
  readonly data = { blobs: 0, bytes: 0 };
  readonly #log: RunLog;
  readonly #isDryRun: boolean;
  readonly #unlisted = new Set<RelPath>();

  constructor(log: RunLog, isDryRun: boolean) {
    this.#log = log;
    this.#isDryRun = isDryRun;
  }

  skip(skip: ScanSkip): void {
    if (skip.subtree) this.#unlisted.add(skip.path);
    this.#log.skipSource(skip);
  }

  exclude(count: number): void {
    this.#log.counts.excluded += count;
  }

  /** A file was read, which may not be its end. */
  read({ size, newBlobs, newBytes }: StoredFile): void {
    this.#log.bytes.read += BigInt(size);
    this.data.blobs += newBlobs;
    this.data.bytes += newBytes;
  }

  torn(path: RelPath): void {
    this.#log.warn('source-changed', `"${path}" changed while it was read, twice; it is stored as it was read last.`);
  }

  /** An entry could not be read, and is not in the version. */
  failed(pending: PendingEntry): void {
    if (pending.error === undefined) return;
    const { code, message, hint } = pending.error;
    this.#log.counts.failed++;
    const error = { code, message, ...(hint === undefined ? {} : { hint }) };
    this.#log.told({ op: 'store', path: pending.path, bytes: pending.bytes, error });
  }

  /** An entry is in the version. `isSelf`: it is as it was in the parent; `isSame`: with all that is in it. */
  done(pending: PendingEntry, isSelf: boolean, isSame: boolean): void {
    const { entry, prior, reason, bytes } = pending;
    const fate = isSame ? 'unmodified' : prior === undefined ? 'new' : 'changed';
    this.totals[entry.kind === 'directory' ? 'dirs' : 'files'][fate]++;
    if (!pending.isSelected) return;
    this.totals.bytes += bytes;
    // That it could not be listed is told already.
    if (this.#unlisted.size > 0 && this.#unlisted.has(pending.path)) return;
    if (isSelf) this.#log.checked(pending.path, bytes);
    else if (reason !== undefined || prior === undefined || prior.node.type !== pending.draft.type)
      this.#stored(pending, reason ?? (prior === undefined ? 'new' : 'type'));
    else this.#updated(pending);
  }

  #stored(pending: PendingEntry, reason: OperationReason): void {
    const { counts, bytes } = this.#log;
    counts.stored++;
    bytes.stored += pending.bytes;
    this.#tell('store', pending, reason);
  }

  /** Its content is as it was, what is known of it is not. */
  #updated(pending: PendingEntry): void {
    this.#log.counts.metadata++;
    this.#tell('metadata', pending, 'metadata only');
  }

  #tell(op: OperationName, pending: PendingEntry, reason: OperationReason): void {
    const bytes = op === 'store' ? pending.bytes : 0n;
    if (this.#isDryRun) this.#log.planned({ op, path: pending.path, reason, bytes });
    else this.#log.told({ op, path: pending.path, bytes, reason });
  }
}
