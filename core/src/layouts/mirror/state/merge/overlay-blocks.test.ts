import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { KIND_DIRECTORY, KIND_FILE } from '../../../../entries/stat-record.ts';
import { isWithin, parentPath } from '../../../../paths/rel-path.ts';
import { lastingFlags, type ManifestBlock, RowFlag } from '../manifest/manifest-block.ts';
import { ManifestRowWriter } from '../manifest/manifest-row-writer.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { manifestKey } from '../state-keys.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { type ModelRow, readRows, sortRows, toManifestRow } from '../testing/model-row.ts';
import { randomRow, randomTree, seededNumbers } from '../testing/random-tree.ts';
import { overlayBlocks } from './overlay-blocks.ts';

type Tree = Map<string, ModelRow>;
const runId = '2026-11-23T205308.123Z';

async function store(
  destination: MemoryDestination,
  kind: 'base' | 'delta',
  id: string,
  rows: readonly ModelRow[],
): Promise<void> {
  using writer = new ManifestRowWriter({ kind, runId: id, parentRunId: null, digests: [] }, tmpdir());
  for (const row of sortRows(rows)) writer.add(toManifestRow(row));
  await writer.store(destination, {});
}

function isBelow(path: string, ancestor: string): boolean {
  return path !== ancestor && isWithin(path as RelPath, ancestor as RelPath);
}

function removeBelow(tree: Tree, path: string): void {
  for (const each of tree.keys()) if (isBelow(each, path)) tree.delete(each);
}

function isFree(tree: Tree, path: string): boolean {
  return !tree.has(path) && tree.get(parentPath(path as RelPath))?.kind === KIND_DIRECTORY;
}

/** Changes `tree` at random and answers the rows of a delta that says so. */
function changeTree(tree: Tree, removed: Set<string>, changes: number, next: (below: number) => number): ModelRow[] {
  const delta = new Map<string, ModelRow>();
  const touched = (path: string): boolean =>
    [...delta.keys()].some((each) => isWithin(path as RelPath, each as RelPath) || isBelow(each, path));
  for (let i = 0; i < changes; i++) {
    const paths = [...tree.keys()];
    const path = paths[next(paths.length)] ?? '';
    const row = tree.get(path);
    if (row === undefined || path === '' || touched(path)) continue;
    const choice = next(6);
    const back = choice === 5 ? removed.values().find((each) => isFree(tree, each) && !touched(each)) : undefined;
    if (back !== undefined) {
      const again = randomRow(back, next(2) === 0 ? KIND_DIRECTORY : KIND_FILE, next);
      tree.set(back, again);
      delta.set(back, again);
    } else if (choice === 0) {
      removeBelow(tree, path);
      tree.delete(path);
      removed.add(path);
      delta.set(path, { ...row, flags: RowFlag.deleted | (next(2) === 0 ? RowFlag.archived : 0) });
    } else if (choice === 1 && row.kind === KIND_DIRECTORY) {
      const added = randomRow(`${path}/new${String(i)}`, KIND_FILE, next);
      tree.set(added.path, added);
      delta.set(added.path, { ...added, flags: RowFlag.movedHere, movedFrom: 'elsewhere' });
    } else {
      const kind = choice === 2 ? KIND_FILE : choice === 3 ? KIND_DIRECTORY : row.kind;
      const flags = kind !== row.kind || (choice === 3 && next(2) === 0) ? RowFlag.replaced : 0;
      const changed = randomRow(path, kind, next);
      if (flags !== 0 || kind !== KIND_DIRECTORY) removeBelow(tree, path);
      tree.set(path, changed);
      delta.set(path, { ...changed, flags });
    }
  }
  return [...delta.values()];
}

const clean = (rows: Iterable<ModelRow>): ModelRow[] =>
  sortRows([...rows]).map(({ flags, movedFrom: _, ...row }) =>
    (flags ?? 0) & lastingFlags ? { ...row, flags: (flags ?? 0) & lastingFlags } : row,
  );

describe('overlayBlocks', () => {
  it.each(Array.from({ length: 100 }, (_, seed) => seed))('equals the model after deltas at random (seed %i)', async (seed) => {
    const next = seededNumbers(seed);
    const destination = new MemoryDestination();
    const rows = randomTree(5 + next(seed % 10 === 0 ? 2500 : 40), next);
    await store(destination, 'base', runId, rows);
    const tree: Tree = new Map(rows.map((row) => [row.path, row]));
    const base = () => readManifest(destination, manifestKey(runId, 'base'), { runId, kind: 'base' }, {});
    const removed = new Set<string>();
    let stacked = base();
    let combined: ReturnType<typeof base> | undefined;
    for (let run = 0; run < 1 + next(5); run++) {
      const id = `${runId}${String(run)}`;
      await store(destination, 'delta', id, changeTree(tree, removed, next(40), next));
      const delta = () => readManifest(destination, manifestKey(id, 'delta'), { runId: id, kind: 'delta' }, {});
      stacked = overlayBlocks(stacked, delta(), 'state');
      combined = combined === undefined ? delta() : overlayBlocks(combined, delta(), 'delta');
    }
    const expected = clean(tree.values());
    expect(await readRows(stacked)).toEqual(expected);
    if (combined !== undefined) expect(await readRows(overlayBlocks(base(), combined, 'state'))).toEqual(expected);
  });

  it('gives out blocks that no change falls into as they are', async () => {
    const destination = new MemoryDestination();
    const rows = [randomRow('', KIND_DIRECTORY, () => 1)];
    for (let i = 0; i < 5000; i++) rows.push(randomRow(`f${String(i).padStart(5, '0')}`, KIND_FILE, () => 1));
    await store(destination, 'base', runId, rows);
    await store(destination, 'delta', 'd', [{ ...randomRow('f02500', KIND_FILE, () => 2), flags: 0 }]);
    const base: ManifestBlock[] = [];
    for await (const block of readManifest(destination, manifestKey(runId, 'base'), { runId, kind: 'base' }, {}))
      base.push(block);
    const merged: ManifestBlock[] = [];
    const delta = readManifest(destination, manifestKey('d', 'delta'), { runId: 'd', kind: 'delta' }, {});
    for await (const block of overlayBlocks(ReadableStream.from(base), delta, 'state')) merged.push(block);
    expect(merged.filter((block) => base.includes(block))).toHaveLength(5);
    expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(5001);
  });

  it('rejects a delta of another state', async () => {
    const destination = new MemoryDestination();
    await store(destination, 'base', runId, randomTree(5, seededNumbers(1)));
    await store(destination, 'delta', 'd', [{ path: 'nowhere/x', kind: KIND_FILE, seed: 1 }]);
    const base = readManifest(destination, manifestKey(runId, 'base'), { runId, kind: 'base' }, {});
    const delta = readManifest(destination, manifestKey('d', 'delta'), { runId: 'd', kind: 'delta' }, {});
    await expect(readRows(overlayBlocks(base, delta, 'state'))).rejects.toMatchObject({ code: 'state-damaged' });
  });
});
