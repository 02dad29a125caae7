import type { BatchResult } from '../../contracts/batch.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { EntryCursor } from '../../entries/entry-cursor.ts';
import { readSize } from '../../entries/stat-reader.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_SYMLINK } from '../../entries/stat-record.ts';
import type { OperationContext } from '../../pipeline/transfer/operation-context.ts';
import { runOperations } from '../../pipeline/transfer/run-operations.ts';
import type { Operation } from '../../pipeline/transfer/operation.ts';
import type { ManifestBlock } from '../../layouts/mirror/state/manifest/manifest-block.ts';
import { decodeExtras, type RowExtras } from '../../layouts/mirror/state/manifest/row-extras.ts';
import { judgeEntry, type Verdict } from './judge-file.ts';

/** A row of the manifest while it is checked. The records are copies. */
export interface CheckedRow {
  readonly path: RelPath;
  readonly depth: number;
  readonly source: Uint8Array;
  readonly target: Uint8Array | undefined;
  readonly destination: Uint8Array;
  readonly extras: RowExtras;
}

export interface Checked {
  readonly row: CheckedRow;
  /** The directories above it, the root first. */
  readonly above: readonly CheckedRow[];
  readonly verdict: Verdict;
  readonly result: BatchResult;
}

/** Rows looked at together. */
const GROUP = 2048;

/** Reads again what a mirror's records speak of, in tree order of groups. `wants` chooses which files are read. */
export async function* checkMirror(
  rows: AsyncIterable<ManifestBlock>,
  context: OperationContext,
  wants: (row: CheckedRow) => boolean,
): AsyncGenerator<readonly Checked[]> {
  const directories: CheckedRow[] = [];
  for await (const group of inGroups(rows, wants)) {
    const above = group.map((row) => directoriesAbove(row, directories));
    const operations = function* (): Generator<Operation> {
      for (const [id, row] of group.entries()) {
        // The root is where the records themselves are: it was found, or nothing of this would run.
        if (row.depth === 0) continue;
        const isFile = row.source[0] === KIND_FILE;
        yield { op: 'inspect', id, key: row.path, ...(isFile ? { digest: 'blake3' } : {}) };
      }
    };
    const checked: Checked[] = group.map((row, id) => ({ row, above: above[id] ?? [], verdict: 'intact', result: { id } }));
    for await (const results of runOperations(operations, context)) {
      for (const result of results) {
        const row = group[result.id];
        if (row === undefined) continue;
        const verdict = judgeEntry({ destination: row.destination, digest: row.extras.digest }, result);
        checked[result.id] = { row, above: above[result.id] ?? [], verdict, result };
      }
    }
    yield checked;
  }
}

/** How much there is to check; of a sample, about that many files. */
export async function sizeOf(
  rows: AsyncIterable<ManifestBlock>,
  samplePercent = 100,
): Promise<{ readonly files: number; readonly bytes: bigint }> {
  let [directories, files, bytes] = [0, 0, 0n];
  const cursor = new EntryCursor(rows);
  for (await cursor.start(); !cursor.done; ) {
    if (cursor.kindCode === KIND_DIRECTORY) directories++;
    else files++;
    bytes += readSize(cursor.stat);
    if (!cursor.advance()) await cursor.refill();
  }
  const share = BigInt(Math.round(samplePercent * 1000));
  return { files: directories + Number((BigInt(files) * share) / 100_000n), bytes: (bytes * share) / 100_000n };
}

/** Rows come in tree order: the last directory at each depth is the one above what follows. */
function directoriesAbove(row: CheckedRow, directories: CheckedRow[]): readonly CheckedRow[] {
  directories.length = Math.min(directories.length, row.depth);
  const above = directories.slice();
  if (row.source[0] === KIND_DIRECTORY) directories[row.depth] = row;
  return above;
}

async function* inGroups(rows: AsyncIterable<ManifestBlock>, wants: (row: CheckedRow) => boolean): AsyncGenerator<CheckedRow[]> {
  const cursor = new EntryCursor(rows);
  let group: CheckedRow[] = [];
  for (await cursor.start(); !cursor.done; ) {
    const row = rowAt(cursor);
    if (row.source[0] === KIND_DIRECTORY || wants(row)) group.push(row);
    if (group.length >= GROUP) {
      yield group;
      group = [];
    }
    if (!cursor.advance()) await cursor.refill();
  }
  if (group.length > 0) yield group;
}

function rowAt(cursor: EntryCursor<ManifestBlock>): CheckedRow {
  const { block, index, statOffset, stat } = cursor;
  return {
    path: cursor.path,
    depth: cursor.depth,
    source: stat.slice(),
    target: cursor.kindCode === KIND_SYMLINK ? cursor.target.slice() : undefined,
    destination: block.destinationStats.slice(statOffset, statOffset + stat.length),
    extras: decodeExtras(block.extrasAt(index)),
  };
}
