import { EntryCursor } from '@holdfast/core/plugin';
import type { BatchOperation, BatchOptions, BatchResult, Destination, Entry, RelPath } from '@holdfast/core/plugin';
import { openDestination } from '../../open-destination.ts';
import { everything } from '../../scan/testing/list-scan.ts';
import { openSource } from '../../source.ts';
import type { LocalSource } from '../../source.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';

export interface TestClone {
  readonly results: ReadonlyMap<RelPath, BatchResult>;
  /** Keys of failed operations, with their codes. */
  readonly failures: ReadonlyMap<RelPath, string>;
}

const testOptions: BatchOptions = { runId: 'test', preserve: { owner: true, xattrs: true }, digest: 'blake3' };

/** Makes `to` like `from`, as a pipeline does it into an empty directory: stores, then links, then the directories' metadata, deepest first. */
export async function cloneByBatch(
  from: string,
  to: string,
  pool: WorkerPool,
  options: Partial<BatchOptions> = {},
): Promise<TestClone> {
  await using source = openSource(from, pool);
  await using destination = openDestination(to, true, { pool, nowMs: () => 0 });
  const entries = await scanEntries(source);
  const results = new Map<RelPath, BatchResult>();
  for (const operations of cloneStages(source, entries)) {
    for (const [key, result] of await runOperations(destination, operations, options)) results.set(key, result);
  }
  const failed = [...results].filter(([, { error }]) => error !== undefined);
  return { results, failures: new Map(failed.map(([key, { error }]) => [key, error?.code ?? ''])) };
}

/** Carries out operations in groups of `groupSize`; answers their results by key. Throws when one is answered twice or never. */
export async function runOperations(
  destination: Destination,
  operations: readonly BatchOperation[],
  options: Partial<BatchOptions> = {},
  groupSize = 512,
): Promise<Map<RelPath, BatchResult>> {
  const answers = new Map<number, BatchResult>();
  const groups = async function* (): AsyncGenerator<readonly BatchOperation[]> {
    for (let start = 0; start < operations.length; start += groupSize) yield operations.slice(start, start + groupSize);
  };
  for await (const results of destination.capabilities.batch!.run(groups(), { ...testOptions, ...options })) {
    for (const result of results) {
      if (answers.has(result.id)) throw new Error(`Operation ${result.id} was answered twice.`);
      answers.set(result.id, result);
    }
  }
  return new Map(
    operations.map(({ id, key, op }) => {
      const result = answers.get(id);
      if (result === undefined) throw new Error(`The ${op} of "${key}" was never answered.`);
      return [key, result];
    }),
  );
}

export async function scanEntries(source: LocalSource): Promise<Entry[]> {
  const entries: Entry[] = [];
  const onSkip = ({ path, message }: { path: string; message: string }): void => {
    throw new Error(`The scan skipped ${path}: ${message}`);
  };
  const cursor = new EntryCursor(source.scan({ selection: everything, onSkip, onExclude: () => undefined }) as never);
  for (await cursor.start(); !cursor.done; cursor.advance() || (await cursor.refill())) entries.push(cursor.entry());
  return entries;
}

export function localOf(
  source: LocalSource,
  { path, identity }: Entry,
): { root: string; path: RelPath; dev: bigint; ino: bigint } {
  if (identity === undefined) throw new Error(`"${path}" has no identity.`);
  return { root: source.traits.displayName, path, dev: identity.dev, ino: identity.ino };
}

function cloneStages(source: LocalSource, entries: readonly Entry[]): BatchOperation[][] {
  const stores: BatchOperation[] = [];
  const links: BatchOperation[] = [];
  const settles: BatchOperation[] = [];
  const firstNames = new Map<string, RelPath>();
  let id = 0;
  for (const entry of entries) {
    const { path: key, kind, identity } = entry;
    const inode = `${identity?.dev}:${identity?.ino}`;
    const existing = kind !== 'directory' && (identity?.nlink ?? 1) > 1 ? firstNames.get(inode) : undefined;
    if (existing !== undefined) links.push({ op: 'link', id: id++, key, existing });
    else if (key !== '') stores.push({ op: 'store', id: id++, key, entry, local: localOf(source, entry) });
    if (existing === undefined) firstNames.set(inode, key);
    if (kind === 'directory') settles.unshift({ op: 'metadata', id: id++, key, entry, local: localOf(source, entry) });
  }
  return [stores, links, settles];
}
