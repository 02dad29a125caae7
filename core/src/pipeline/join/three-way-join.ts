import type { EntryBlock } from '../../contracts/entry-block.ts';
import { EntryCursor } from '../../entries/entry-cursor.ts';
import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { RecordedBlock } from '../layout.ts';
import { compareCursors } from '../../entries/tree-order.ts';
import { ScanOrder } from './scan-order.ts';
import { equalRunLength, sameAsRecorded } from './equal-run.ts';

export type SourceCursor = EntryCursor;
export type DestinationCursor = EntryCursor;
export type RecordedCursor = EntryCursor<RecordedBlock>;

/** Told about each path once, in tree order. The cursors are only valid during the call. */
export interface JoinVisitor {
  /** Source and destination are both as recorded. */
  unchanged(source: SourceCursor, destination: DestinationCursor | undefined, recorded: RecordedCursor): void;
  /** Anything else; what is absent has no such path. */
  differing(
    source: SourceCursor | undefined,
    destination: DestinationCursor | undefined,
    recorded: RecordedCursor | undefined,
  ): void;
}

export interface JoinStreams {
  readonly source: AsyncIterable<EntryBlock>;
  /** Absent: the destination is taken to be as recorded. */
  readonly destination: AsyncIterable<EntryBlock> | undefined;
  readonly recorded: AsyncIterable<RecordedBlock> | undefined;
}

/**
 * Walks three streams in tree order together: what the source has, what the destination has, what the last run recorded.
 * Whole runs of unchanged entries are found by comparing bytes. A stream out of order rejects with `internal`: a merge of
 * disordered streams would take living files for deleted ones.
 */
export async function joinStreams(streams: JoinStreams, visitor: JoinVisitor, signal?: AbortSignal): Promise<void> {
  const source = new EntryCursor(streams.source);
  const destination = new EntryCursor(streams.destination ?? nothing<EntryBlock>());
  const recorded = new EntryCursor(streams.recorded ?? nothing<RecordedBlock>());
  try {
    await Promise.all([source.start(), destination.start(), recorded.start()]);
    const walk = new JoinWalk(source, destination, recorded, streams.destination !== undefined, visitor);
    while (!walk.done) {
      signal?.throwIfAborted();
      for (const cursor of walk.step()) await cursor.refill();
    }
  } finally {
    await Promise.all([source.close(), destination.close(), recorded.close()]);
  }
}

class JoinWalk {
  readonly #source: SourceCursor;
  readonly #destination: DestinationCursor;
  readonly #recorded: RecordedCursor;
  readonly #looksAtDestination: boolean;
  readonly #visitor: JoinVisitor;
  readonly #order = new ScanOrder();

  constructor(s: SourceCursor, d: DestinationCursor, r: RecordedCursor, looksAtDestination: boolean, visitor: JoinVisitor) {
    this.#source = s;
    this.#destination = d;
    this.#recorded = r;
    this.#looksAtDestination = looksAtDestination;
    this.#visitor = visitor;
  }

  get done(): boolean {
    return this.#source.done && this.#destination.done && this.#recorded.done;
  }

  /** Works until a block is used up; answers the cursors that need their next block. */
  step(): EntryCursor[] {
    for (;;) {
      const used = this.#unchangedRun() ?? this.#oneEntry();
      if (used.length > 0) return used;
    }
  }

  /** Visits a run of unchanged entries; undefined when there is none here. */
  #unchangedRun(): EntryCursor[] | undefined {
    const [s, d, r] = [this.#source, this.#destination, this.#recorded];
    if (s.done || r.done || (this.#looksAtDestination && d.done)) return undefined;
    const other = this.#looksAtDestination ? d : undefined;
    const atBlockStart = s.index === 0 || r.index === 0 || other?.index === 0;
    let run = atBlockStart ? equalRunLength(s, other, r) : 0;
    if (run === 0) run = sameAsRecorded(s, other, r) ? 1 : 0;
    if (run === 0) return undefined;
    this.#order.visit(s);
    for (let left = run; ; left--) {
      this.#visitor.unchanged(s, other, r);
      if (left === 1 || s.kindCode === KIND_DIRECTORY) this.#order.remember(s);
      const [sourceLeft, recordedLeft, otherLeft] = [s.advance(), r.advance(), other === undefined || other.advance()];
      if (sourceLeft && recordedLeft && otherLeft && left > 1) continue;
      if (left > 1) throw new HoldfastError('internal', 'A run of equal entries is longer than its block.');
      return [...(sourceLeft ? [] : [s]), ...(recordedLeft ? [] : [r]), ...(otherLeft || other === undefined ? [] : [other])];
    }
  }

  #oneEntry(): EntryCursor[] {
    if (this.#destination.done && this.#recorded.done && !this.#source.done) return this.#onlySource(this.#source);
    const cursors: EntryCursor[] = [this.#source, this.#destination, this.#recorded].filter((cursor) => !cursor.done);
    let first = cursors[0];
    for (const cursor of cursors) {
      if (first !== undefined && compareCursors(cursor, first) < 0) first = cursor;
    }
    if (first === undefined) return [];
    const lowest = first;
    const here = cursors.filter((cursor) => cursor === lowest || compareCursors(cursor, lowest) === 0);
    this.#order.visit(lowest);
    this.#order.remember(lowest);
    this.#visitor.differing(
      here.includes(this.#source) ? this.#source : undefined,
      here.includes(this.#destination) ? this.#destination : undefined,
      here.includes(this.#recorded) ? this.#recorded : undefined,
    );
    return here.filter((cursor) => !cursor.advance());
  }

  /** A first run: nothing is at the destination, or nothing any more. */
  #onlySource(source: SourceCursor): EntryCursor[] {
    do {
      this.#order.visit(source);
      this.#order.remember(source);
      this.#visitor.differing(source, undefined, undefined);
    } while (source.advance());
    return [source];
  }
}

async function* nothing<Block>(): AsyncGenerator<Block> {
  // An empty stream.
}
