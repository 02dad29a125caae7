import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { blocksOf } from '../../../../entries/blocks-of.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { readIno } from '../../../../entries/stat-reader.ts';
import { KIND_FILE } from '../../../../entries/stat-record.ts';
import { joinPath } from '../../../../paths/rel-path.ts';
import type { MirrorHistory } from '../chain/mirror-history.ts';
import { archiveRoot } from '../state-keys.ts';
import { wholeTree } from '../whole-tree.ts';

/**
 * Files that were in the safety nets when a run ended, by inode: a name that a file lost before a version may be the only one that is left
 * of it. What came there later is found by its path: its inode may have been another file's before. Read when first asked for.
 */
export class ArchivedLinks {
  readonly #destination: Destination;
  readonly #history: Pick<MirrorHistory, 'runs' | 'archived'>;
  readonly #runId: string;
  #keys: Promise<ReadonlyMap<bigint, readonly RelPath[]>> | undefined;

  constructor(destination: Destination, history: Pick<MirrorHistory, 'runs' | 'archived'>, runId: string) {
    this.#destination = destination;
    this.#runId = runId;
    this.#history = history;
  }

  /** Keys that are names of this inode; none where the destination cannot tell. */
  async of(ino: bigint, options: CallOptions): Promise<readonly RelPath[]> {
    this.#keys ??= this.#read(options);
    return (await this.#keys).get(ino) ?? [];
  }

  async #read(options: CallOptions): Promise<Map<bigint, RelPath[]>> {
    const keys = new Map<bigint, RelPath[]>();
    const { runs, archived } = this.#history;
    const { directories } = this.#destination.capabilities;
    const pruned = new Set(runs.filter(({ prunedAt }) => prunedAt !== null).map(({ id }) => id));
    const kept = new Set([...archived].filter((id) => id <= this.#runId && !pruned.has(id)));
    if (directories === undefined || kept.size === 0) return keys;
    const ignore = (): void => undefined;
    const scan = directories.scan(archiveRoot, { ...options, selection: wholeTree, onSkip: ignore, onExclude: ignore });
    const cursor = new EntryCursor(blocksOf(scan));
    for (await cursor.start(); !cursor.done; ) {
      const { path, stat, kindCode } = cursor;
      if (kindCode === KIND_FILE && kept.has(path.split('/', 1)[0] ?? '')) {
        const group = keys.get(readIno(stat));
        if (group === undefined) keys.set(readIno(stat), [joinPath(archiveRoot, path)]);
        else group.push(joinPath(archiveRoot, path));
      }
      if (!cursor.advance()) await cursor.refill();
    }
    return keys;
  }
}
