import type { BatchOperation, BatchOptions, BatchResult, Entry, RelPath } from '@holdfast/core/plugin';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalDestination } from '../../destination.ts';
import { openDestination } from '../../open-destination.ts';
import { openSource } from '../../source.ts';
import type { LocalSource } from '../../source.ts';
import { WorkerPool } from '../../workers/worker-pool.ts';
import { localOf, runOperations, scanEntries } from './clone-by-batch.ts';

/** A directory to copy from, `from`, and one to copy to, `to`, both open; and short ways to ask for operations. */
export class BatchFixture implements AsyncDisposable {
  readonly base: string;
  readonly from: string;
  readonly to: string;
  readonly pool = new WorkerPool(2);
  readonly source: LocalSource;
  readonly destination: LocalDestination;
  readonly #isOurs: boolean;
  #nextId = 0;

  /** @param base where to make both; default: a temporary directory */
  constructor(base?: string, nowMs: () => number = () => 0) {
    this.#isOurs = base === undefined;
    this.base = base ?? mkdtempSync(join(tmpdir(), 'holdfast-batch-'));
    this.from = join(this.base, 'from');
    this.to = join(this.base, 'to');
    mkdirSync(this.from);
    this.destination = openDestination(this.to, true, { pool: this.pool, nowMs });
    this.source = openSource(this.from, this.pool);
  }

  /** The entry of `from` as a scan sees it now. */
  async entry(path: string): Promise<Entry> {
    const found = (await scanEntries(this.source)).find((each) => each.path === path);
    if (found === undefined) throw new Error(`There is no "${path}".`);
    return found;
  }

  async store(path: string, more: { displaceTo?: string; key?: string } = {}): Promise<BatchOperation> {
    const entry = await this.entry(path);
    const displaceTo = more.displaceTo === undefined ? {} : { displaceTo: more.displaceTo as RelPath };
    return {
      op: 'store',
      id: this.#nextId++,
      key: (more.key ?? path) as RelPath,
      entry,
      local: localOf(this.source, entry),
      ...displaceTo,
    };
  }

  async about(op: 'metadata' | 'content' | 'compare-metadata', path: string, key = path): Promise<BatchOperation> {
    const entry = await this.entry(path);
    const base = { id: this.#nextId++, key: key as RelPath, entry, local: localOf(this.source, entry) };
    if (op === 'metadata') return { ...base, op };
    return { ...base, op: 'compare', what: op === 'content' ? 'content' : 'metadata' };
  }

  link(existing: string, key: string, displaceTo?: string): BatchOperation {
    const more = displaceTo === undefined ? {} : { displaceTo: displaceTo as RelPath };
    return { op: 'link', id: this.#nextId++, key: key as RelPath, existing: existing as RelPath, ...more };
  }

  move(key: string, to: string, displaceTo?: string): BatchOperation {
    const more = displaceTo === undefined ? {} : { displaceTo: displaceTo as RelPath };
    return { op: 'move', id: this.#nextId++, key: key as RelPath, to: to as RelPath, ...more };
  }

  remove(key: string): BatchOperation {
    return { op: 'remove', id: this.#nextId++, key: key as RelPath };
  }

  inspect(key: string, digest?: 'blake3' | 'sha256'): BatchOperation {
    return { op: 'inspect', id: this.#nextId++, key: key as RelPath, ...(digest === undefined ? {} : { digest }) };
  }

  /** Results in the order of the operations. */
  async run(operations: readonly BatchOperation[], options: Partial<BatchOptions> = {}): Promise<BatchResult[]> {
    const byKey = await runOperations(this.destination, operations, options);
    return operations.map(({ key }) => byKey.get(key) as BatchResult);
  }

  /** What is below `to`, sorted, temporary names included. */
  names(): string[] {
    return execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P\\n'], { cwd: this.to, encoding: 'utf8' })
      .split('\n')
      .filter((name) => name !== '')
      .sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.source[Symbol.asyncDispose]();
    await this.destination[Symbol.asyncDispose]();
    await this.pool[Symbol.asyncDispose]();
    execFileSync('sh', ['-c', 'chattr -R -f -i -a . ; find . -mindepth 1 -delete'], { cwd: this.base });
    if (this.#isOurs) rmdirSync(this.base);
  }
}
