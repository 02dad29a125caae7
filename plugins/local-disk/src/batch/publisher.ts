import { encodeText } from '@holdfast/core/plugin';
import type { BatchResult, RelPath } from '@holdfast/core/plugin';
import type { BatchAnswer } from './batch-answer.ts';
import type { FailureNote } from '../store/failure-note.ts';
import { ERRNO, SystemCallError } from '../syscalls/errno.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { EntryStatus } from './batch-protocol.ts';
import type { BatchContext, DirectoryAnswer, NewDirectory, PublishAnswer, PublishGroup } from './batch-protocol.ts';
import type { FileSystemSyncer } from './file-system-syncer.ts';
import type { EntryOperation } from './entry-operation.ts';
import { failedResult, recordAt } from './read-answer.ts';
import type { AnswerReader } from './read-answer.ts';
import type { SentGroup, SyncGroup } from './sync-group.ts';

/** Entries that one request publishes. */
const ENTRIES_PER_REQUEST = 1_000;

interface Publication {
  readonly sent: SentGroup;
  readonly reader: AnswerReader;
  readonly group: PublishGroup;
}

/** Makes what workers have made durable, and then gives it its names. */
export class Publisher {
  readonly #pool: WorkerPool;
  readonly #context: BatchContext;
  readonly #syncer: FileSystemSyncer;
  readonly #emit: (results: readonly BatchAnswer[]) => void;
  #directoriesDone: Promise<unknown> = Promise.resolve();

  constructor(
    pool: WorkerPool,
    context: BatchContext,
    syncer: FileSystemSyncer,
    emit: (results: readonly BatchAnswer[]) => void,
  ) {
    this.#pool = pool;
    this.#context = context;
    this.#syncer = syncer;
    this.#emit = emit;
  }

  /**
   * Everything in `group` must have been answered. Rejects only where a worker fails as such.
   * @returns operations to be carried out anew where they belong: their temporary directory was on another file system than that
   */
  async publish(group: SyncGroup): Promise<readonly EntryOperation[]> {
    const failure = group.needsSync ? await this.#sync() : undefined;
    if (failure !== undefined) {
      await this.#giveUp(group, failure);
      return [];
    }
    const work = this.#directoriesDone.then(() => this.#publishDirectories(group));
    this.#directoriesDone = work.catch(() => undefined);
    const inPlace = await work;
    return this.#publishEntries(group, inPlace);
  }

  /** Removes what has been made and has no name. */
  async discard(group: SyncGroup): Promise<void> {
    const groups = group.sent
      .filter(({ columns }) => columns.stores)
      .map(({ columns, group: { directory, stage, firstTemp }, reader }) => ({
        directory,
        stage: reader?.answer.staged === false ? -1 : stage,
        firstTemp,
        indexes: Uint32Array.from({ length: columns.count }, (_, index) => index),
      }));
    if (groups.length > 0) await this.#pool.run('batch', { kind: 'discard', context: this.#context, groups });
  }

  async #sync(): Promise<FailureNote | undefined> {
    try {
      await this.#syncer.sync();
      return undefined;
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      return { side: 'destination', action: 'write', syscall: error.syscall, errno: error.errno };
    }
  }

  async #giveUp(group: SyncGroup, failure: FailureNote): Promise<void> {
    await this.discard(group);
    const results = group.directories.map(({ id, key }) => failedResult(id, key, failure));
    for (const { columns, reader } of group.sent) {
      for (const index of reader?.made() ?? []) {
        const { id, key } = columns.operation(index);
        results.push(failedResult(id, key, failure));
      }
    }
    this.#emit(results);
  }

  /** Answers which temporary directories have become what they stood for. */
  async #publishDirectories(group: SyncGroup): Promise<ReadonlySet<number>> {
    const { directories, stages } = group;
    const staged = new Set(
      group.sent.filter(({ reader }) => reader?.answer.staged === true).map(({ columns }) => columns.directory),
    );
    const wanted: NewDirectory[] = directories.map(({ key, displaceTo }) => {
      const stage = staged.delete(key) ? (stages.get(key) ?? -1) : -1;
      return {
        path: encodeText(key),
        stage,
        replace: true,
        ...(displaceTo === undefined ? {} : { displaceTo: encodeText(displaceTo) }),
      };
    });
    // Directories that nobody asked for by themselves.
    for (const key of staged) wanted.push({ path: encodeText(key), stage: stages.get(key) ?? -1, replace: false });
    if (wanted.length === 0) return new Set();
    const request = { kind: 'directories', context: this.#context, directories: wanted };
    const answers = await this.#pool.run<readonly DirectoryAnswer[]>('batch', request);
    this.#emit(directories.map(({ id, key }, index) => directoryResult(id, key, answers[index]!)));
    return new Set(wanted.filter((_, index) => answers[index]?.renamed === true).map(({ stage }) => stage));
  }

  async #publishEntries(group: SyncGroup, inPlace: ReadonlySet<number>): Promise<readonly EntryOperation[]> {
    const publications: Publication[] = [];
    for (const sent of group.sent) {
      const { reader } = sent;
      if (reader === undefined) continue;
      const done = reader.answer.staged && inPlace.has(sent.group.stage);
      const indexes = reader.made();
      if (indexes.length === 0) continue;
      if (done && reader.answer.lateFlags.length === 0) this.#emit(resultsInPlace(reader, indexes));
      else publications.push({ sent, reader, group: publishGroup(sent, reader, indexes, done) });
    }
    const again = await Promise.all(chunk(publications).map((part) => this.#publishPart(part)));
    return again.flat();
  }

  async #publishPart(publications: readonly Publication[]): Promise<readonly EntryOperation[]> {
    const request = { kind: 'publish', context: this.#context, groups: publications.map(({ group }) => group) };
    const answers = await this.#pool.run<readonly PublishAnswer[]>('batch', request);
    const again: EntryOperation[] = [];
    const results = publications.flatMap((publication, index) => publishedResults(publication, answers[index]!, again));
    this.#emit(results);
    return again;
  }
}

/** Of what got its name with its directory. */
function resultsInPlace(reader: AnswerReader, indexes: Uint32Array): BatchAnswer[] {
  const packed = reader.packed(reader.answer.stats);
  if (packed !== undefined) return [packed];
  return Array.from(indexes, (index) => reader.result(index, recordAt(reader.answer.stats, index)));
}

function publishGroup(
  { columns, group }: SentGroup,
  { answer }: AnswerReader,
  indexes: Uint32Array,
  inPlace: boolean,
): PublishGroup {
  const displaceTo: [number, Uint8Array][] = [];
  if (!inPlace) {
    for (let index = 0; index < columns.count && columns.ids === undefined; index++) {
      const operation = columns.operation(index);
      if ('displaceTo' in operation && operation.displaceTo !== undefined && answer.status[index] === EntryStatus.made)
        displaceTo.push([index, encodeText(operation.displaceTo)]);
    }
  }
  const { directory, names, firstTemp } = group;
  return {
    directory,
    stage: answer.staged ? group.stage : -1,
    inPlace,
    names,
    firstTemp,
    indexes,
    displaceTo,
    lateFlags: answer.lateFlags,
  };
}

function directoryResult(id: number, key: RelPath, { failure, stat, displaced }: DirectoryAnswer): BatchResult {
  if (failure !== undefined || stat === undefined)
    return failedResult(id, key, failure ?? { side: 'destination', action: 'make the directory' });
  return { id, stat, method: 'none', ...(displaced ? { displaced } : {}) };
}

/** Adds to `again` what could not be moved out of its temporary directory because that is on another file system. */
function publishedResults({ sent, reader, group }: Publication, answer: PublishAnswer, again: EntryOperation[]): BatchAnswer[] {
  const packed = answer.failures.length > 0 || answer.displaced.length > 0 ? undefined : reader.packed(answer.stats);
  if (packed !== undefined) return [packed];
  const failures = new Map(answer.failures);
  const displaced = new Set(answer.displaced);
  const results: BatchResult[] = [];
  group.indexes.forEach((index, position) => {
    const failure = failures.get(position);
    if (failure === undefined) {
      const result = reader.result(index, recordAt(answer.stats, position));
      results.push(displaced.has(position) ? { ...result, displaced: true } : result);
      return;
    }
    const operation = sent.columns.operation(index);
    if (failure.errno === ERRNO.EXDEV && group.stage >= 0 && operation.op !== 'store-content') {
      again.push(operation);
    } else {
      results.push(failedResult(operation.id, operation.key, failure));
    }
  });
  return results;
}

function chunk(publications: readonly Publication[]): Publication[][] {
  const parts: Publication[][] = [];
  let count = ENTRIES_PER_REQUEST;
  for (const publication of publications) {
    if (count >= ENTRIES_PER_REQUEST) {
      parts.push([]);
      count = 0;
    }
    parts.at(-1)?.push(publication);
    count += publication.group.indexes.length;
  }
  return parts;
}
