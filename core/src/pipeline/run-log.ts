import type { BatchResult, StoredFiles } from '../contracts/batch.ts';
import type { ByteCounts, Counts, EventSink, ItemEvent, Phase, PlanEvent, VerifiedCount } from '../contracts/events.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { ScanSkip } from '../contracts/source.ts';
import type { Clock } from '../environment/clock.ts';
import { errorTable } from '../errors/error-table.ts';
import type { Plan } from './plan/plan.ts';
import type { PlanRecord } from './plan/plan-record.ts';

const PROGRESS_EVERY_MS = 200;

/** What a run has done so far, told to the event sink as it happens. */
export class RunLog {
  readonly counts: Counts = { stored: 0, kept: 0, metadata: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0 };
  readonly bytes: ByteCounts = { read: 0n, written: 0n, stored: 0n };
  verified: VerifiedCount = { method: 'none', files: 0, bytes: 0n };
  /** What went to the safety net, and how many entries were replaced or deleted without it. */
  readonly archived = { files: 0, bytes: 0n };
  notKept = 0;
  /** Places of the destination that could not be looked at, so that what is there may be too much or of an older version. */
  unknown = 0;
  /** Files that turned out to be damaged. */
  damaged = 0;
  readonly #sink: EventSink;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #notKept = new Map<string, { count: number; example: string }>();
  #phase: Phase = 'scan';
  #phaseStartedMs: number;
  #lastMs = 0;
  #done = { files: 0, bytes: 0n };
  /** Directories of the source whose contents are unknown. */
  readonly #unlisted = new Set<RelPath>();
  /** Bytes of operations under way, which `#done` has already. */
  readonly #moving = new Map<number, bigint>();
  #total: { files: number; bytes: bigint } | undefined;
  #current: RelPath | undefined;

  constructor(sink: EventSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    this.#phaseStartedMs = this.#startedMs;
  }

  get seconds(): number {
    return (this.#clock.monotonicMs() - this.#startedMs) / 1000;
  }

  get failures(): number {
    return this.counts.failed + this.counts.skipped;
  }

  /** A phase begins, with its total where that is known. */
  enter(phase: Phase, total?: { files: number; bytes: bigint }): void {
    this.#phase = phase;
    this.#phaseStartedMs = this.#clock.monotonicMs();
    this.#done = { files: 0, bytes: 0n };
    this.#moving.clear();
    this.#total = total;
    this.#current = undefined;
    this.#progress(true);
  }

  scanned(entries: number): void {
    this.#done.files += entries;
    this.#progress(false);
  }

  /** Bytes of a large file moved; `id` is that of its operation, whose result will count them as a whole. */
  moved(id: number, bytes: number): void {
    this.#moving.set(id, (this.#moving.get(id) ?? 0n) + BigInt(bytes));
    this.#done.bytes += BigInt(bytes);
    this.#progress(false);
  }

  skip(skip: ScanSkip): void {
    this.counts.skipped++;
    const { path, code, message } = skip;
    this.#sink({ type: 'item', op: 'skip', path, bytes: 0n, reason: message, error: { code, message } });
  }

  /** As `skip`, of what the source does not give. A directory that is there but cannot be listed has no other item than this one. */
  skipSource(skip: ScanSkip): void {
    if (skip.subtree) this.#unlisted.add(skip.path);
    if (skip.code === 'damaged') this.damaged++;
    this.skip(skip);
  }

  warn(code: string, message: string, hint?: string): void {
    this.#sink({ type: 'warning', code, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** An operation is finished, well or not. Counting is the caller's. */
  item(record: PlanRecord, result: BatchResult, op: ItemEvent['op'] = record.op): void {
    const { bytesRead = 0n, bytesWritten = 0n } = result;
    this.bytes.read += bytesRead;
    this.bytes.written += bytesWritten;
    this.#done.files++;
    this.#done.bytes += record.bytes - (this.#moving.get(result.id) ?? 0n);
    this.#moving.delete(result.id);
    this.#current = record.path;
    for (const name of result.notKept ?? []) this.#noteNotKept(name, record.path);
    if (result.torn === true)
      this.warn('source-changed', `"${record.path}" changed while it was read, twice; it is stored as it was read last.`);
    const error = result.error === undefined ? {} : { error: result.error };
    if (result.error?.code === 'damaged') this.damaged++;
    const ms = Math.round(this.#clock.monotonicMs() - this.#startedMs);
    if (!this.#unlisted.has(record.path))
      this.#sink({ type: 'item', op, path: record.path, bytes: record.bytes, ms, reason: record.reason, ...error });
    this.#progress(false);
  }

  /** An entry went with the directory that it was in, which made way as a whole. */
  retired(record: PlanRecord): void {
    this.#sink(this.#plainItem(record));
  }

  /** Files were stored. Notes them in the plan. */
  storedFiles(files: StoredFiles, plan: Plan): void {
    this.bytes.read += BigInt(files.bytesRead);
    this.bytes.written += BigInt(files.bytesWritten);
    this.#done.bytes += BigInt(plan.noteStored(files));
    if (this.#sink.skipsStored !== true) for (const position of files.ids) this.#sink(this.#plainItem(plan.read(position)));
    this.#done.files += files.ids.length;
    this.#current = plan.read(files.ids.at(-1) ?? 0).path;
    this.#progress(false);
  }

  /** What was stored proved right. */
  proved({ path, bytes }: PlanRecord): void {
    this.verified.files++;
    this.verified.bytes += bytes;
    this.#lookedAt(path, bytes);
  }

  /** An entry was looked at and is as it should be. */
  checked(path: RelPath, bytes: bigint): void {
    this.counts.kept++;
    this.#lookedAt(path, bytes);
  }

  #lookedAt(path: RelPath, bytes: bigint): void {
    this.#done.files++;
    this.#done.bytes += bytes;
    this.#current = path;
    this.#progress(false);
  }

  /** An entry is not as it should be: `changed` by somebody, or `damaged` or `missing`, which is a loss. */
  wrong(path: RelPath, bytes: bigint, verdict: 'changed' | 'damaged' | 'missing', message: string): void {
    this.counts.failed++;
    if (verdict !== 'changed') this.damaged++;
    const code = verdict === 'changed' ? 'changed' : 'damaged';
    this.#sink({
      type: 'item',
      op: 'verify',
      path,
      bytes,
      reason: verdict,
      error: { code, message, hint: errorTable[code].hint },
    });
    this.#lookedAt(path, bytes);
  }

  /** An entry that was wrong was put right, or could not be. */
  repaired(path: RelPath, wasDamaged: boolean, error: BatchResult['error']): void {
    if (error === undefined) {
      this.counts.failed--;
      this.counts.stored++;
      if (wasDamaged) this.damaged--;
    }
    this.#sink({ type: 'item', op: 'repair', path, bytes: 0n, ...(error === undefined ? {} : { error }) });
  }

  /** An entry came to its end in a run without a plan. Counting is the caller's. */
  told(item: Pick<ItemEvent, 'op' | 'path' | 'bytes' | 'reason' | 'error'>): void {
    const isPlain = item.op === 'store' && item.reason === 'new' && item.error === undefined;
    if (!isPlain || this.#sink.skipsStored !== true) this.#sink({ type: 'item', ...item, ms: Math.round(this.seconds * 1000) });
    this.#lookedAt(item.path, item.bytes);
  }

  /** What a dry run without a plan would do. Counting is the caller's. */
  planned(planned: Pick<PlanEvent, 'op' | 'path' | 'bytes' | 'reason'>): void {
    this.#sink({ type: 'plan', ...planned });
    this.#lookedAt(planned.path, planned.bytes);
  }

  plan(record: PlanRecord, from?: RelPath): void {
    const { op, path, reason, bytes } = record;
    if (this.#unlisted.has(path)) return;
    this.#sink({ type: 'plan', op, path, reason, bytes, ...(from === undefined ? {} : { from }) });
  }

  /** Warns once for each kind of metadata that the destination could not keep. */
  reportNotKept(): void {
    for (const [name, { count, example }] of this.#notKept) {
      this.warn(
        'metadata-failed',
        `${name} could not be kept for ${count} entries, for example "${example}".`,
        'Run as root to keep everything, or leave it out with --no-owner or --no-xattrs.',
      );
    }
    this.#notKept.clear();
  }

  #plainItem({ op, path, bytes, reason }: PlanRecord): ItemEvent {
    return { type: 'item', op, path, bytes, ms: Math.round(this.seconds * 1000), reason };
  }

  #noteNotKept(name: string, path: string): void {
    const known = this.#notKept.get(name);
    if (known === undefined) this.#notKept.set(name, { count: 1, example: path });
    else known.count++;
  }

  #progress(always: boolean): void {
    const now = this.#clock.monotonicMs();
    if (!always && now - this.#lastMs < PROGRESS_EVERY_MS) return;
    this.#lastMs = now;
    const seconds = Math.max(0.001, (now - this.#phaseStartedMs) / 1000);
    const rate = Number(this.#done.bytes) / seconds;
    const left = this.#total === undefined ? undefined : Number(this.#total.bytes - this.#done.bytes);
    this.#sink({
      type: 'progress',
      phase: this.#phase,
      done: { ...this.#done },
      rate,
      ...(this.#total === undefined ? {} : { total: this.#total }),
      ...(left === undefined || rate === 0 ? {} : { etaSeconds: Math.max(0, left / rate) }),
      ...(this.#current === undefined ? {} : { current: this.#current }),
    });
  }
}
