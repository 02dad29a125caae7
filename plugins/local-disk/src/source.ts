import { decodeText, encodeText, HoldfastError, type ErrorCode } from '@holdfast/core/plugin';
import type {
  ByteRange,
  CallOptions,
  Content,
  Entry,
  EntryBatch,
  EntryMetadata,
  ScanOptions,
  Source,
  SourceTraits,
} from '@holdfast/core/plugin';
import { realpathSync } from 'node:fs';
import { dataRanges } from './content/data-ranges.ts';
import { fileContent } from './content/file-content.ts';
import { describeEntries } from './describe/describe-entries.ts';
import { scanTree } from './scan/scan-tree.ts';
import { ERRNO, SystemCallError } from './syscalls/errno.ts';
import { O_DIRECTORY } from './syscalls/open-flags.ts';
import { close, openPath } from './syscalls/open.ts';
import { readTreeFacts } from './tree-identity.ts';
import { sharedPool, type WorkerPool } from './workers/worker-pool.ts';

/** A directory of this machine. */
export class LocalSource implements Source {
  readonly traits: SourceTraits;
  readonly #root: string;
  readonly #pool: WorkerPool;
  readonly #running = new Set<Promise<unknown>>();
  #fd: number;

  /** Use `openSource`. `fd` is the open root, `root` its real path, lossless. */
  constructor(fd: number, root: string, pool: WorkerPool) {
    this.#fd = fd;
    this.#root = root;
    this.#pool = pool;
    this.traits = { ...readTreeFacts(fd), displayName: root, localRoot: root, filesRoot: root };
  }

  scan(options: ScanOptions): AsyncIterable<EntryBatch> {
    return scanTree(this.#requireOpen(), { ...options, pool: this.#pool });
  }

  /** Rejects with `not-found` and the like for the first entry that cannot be described. What is at its path now counts, whichever inode it is. */
  async describe(entries: readonly Entry[], { signal }: CallOptions): Promise<readonly EntryMetadata[]> {
    const work = describeEntries(this.#requireOpen(), entries, this.#pool, signal);
    this.#running.add(work);
    return work.finally(() => this.#running.delete(work));
  }

  content(entry: Entry): Content {
    if (entry.kind === 'file') return fileContent(() => this.#requireOpen(), this.#root, entry);
    const { path, identity } = entry;
    const local = identity === undefined ? {} : { local: { root: this.#root, path, dev: identity.dev, ino: identity.ino } };
    return { size: 0n, open: nothing, ...local };
  }

  extents({ path }: Entry, { signal }: CallOptions): AsyncIterable<ByteRange> {
    return dataRanges(this.#requireOpen(), path, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#running);
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
  }

  #requireOpen(): number {
    if (this.#fd < 0) throw new HoldfastError('internal', `The source ${this.#root} is closed.`);
    return this.#fd;
  }
}

async function* nothing(): AsyncGenerator<never> {
  // What is no file has no bytes.
}

const rootErrors: Readonly<Record<number, readonly [code: ErrorCode, text: string]>> = {
  [ERRNO.ENOENT]: ['source-missing', 'it does not exist'],
  [ERRNO.ENOTDIR]: ['not-a-directory', 'it is not a directory'],
  [ERRNO.EACCES]: ['access-denied', 'reading it is not permitted'],
};

/**
 * Opens a directory as a source. `path` is absolute or relative to the working directory, lossless like RelPath; a symbolic link
 * is followed. Starts the threads, so that they are ready when the scan begins.
 *
 * Throws `source-missing`, `not-a-directory`, `access-denied` or `read-failed`.
 */
export function openSource(path: string, pool: WorkerPool = sharedPool()): LocalSource {
  pool.warmUp();
  const bytes = encodeText(path);
  let fd = -1;
  try {
    fd = openPath(bytes, O_DIRECTORY);
    return new LocalSource(fd, decodeText(realpathSync.native(bytes, 'buffer')), pool);
  } catch (error) {
    if (fd >= 0) close(fd);
    throw explainRoot(path, error);
  }
}

function explainRoot(path: string, error: unknown): unknown {
  if (!(error instanceof SystemCallError)) return error;
  const [code, text] = rootErrors[error.errno] ?? ['read-failed', error.message];
  return new HoldfastError(code, `Cannot use "${path}" as a source: ${text}.`, { cause: error });
}
