import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { KIND_DIRECTORY, KIND_FILE } from '../../../../entries/stat-record.ts';
import { manifestKey } from '../state-keys.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { type ModelRow, readRows, toManifestRow } from '../testing/model-row.ts';
import { randomTree, seededNumbers } from '../testing/random-tree.ts';
import { RowFlag } from './manifest-block.ts';
import type { ManifestHeader } from './manifest-layout.ts';
import { ManifestRowWriter } from './manifest-row-writer.ts';
import { readManifest } from './read-manifest.ts';

const base: ManifestHeader = { kind: 'base', runId: '2026-11-23T205308.123Z', parentRunId: null, digests: ['blake3'] };
const delta: ManifestHeader = { ...base, kind: 'delta', parentRunId: '2026-11-22T205308.123Z' };
const key = (header: ManifestHeader): RelPath => manifestKey(header.runId, header.kind);

async function store(header: ManifestHeader, rows: readonly ModelRow[]): Promise<MemoryDestination> {
  const destination = new MemoryDestination();
  using writer = new ManifestRowWriter(header, tmpdir());
  for (const row of rows) writer.add(toManifestRow(row));
  await writer.store(destination, {});
  return destination;
}

describe('a manifest', () => {
  it.each([1, 2, 999, 1000, 1001, 5000])('gives back %i rows as they were written', async (size) => {
    const rows = randomTree(size, seededNumbers(size));
    const destination = await store(base, rows);
    expect(await readRows(readManifest(destination, key(base), base, {}))).toEqual(rows);
  });

  it('may have no rows at all', async () => {
    const destination = await store(delta, []);
    expect(await readRows(readManifest(destination, key(delta), delta, {}))).toEqual([]);
  });

  it('names the directories above a changed row', async () => {
    const row: ModelRow = { path: 'a/b/c.txt', kind: KIND_FILE, seed: 7, flags: RowFlag.movedHere, movedFrom: 'old/c.txt' };
    const gone: ModelRow = { path: 'a/d', kind: KIND_FILE, seed: 9, flags: RowFlag.deleted | RowFlag.archived };
    const destination = await store(delta, [row, gone]);
    const context = (path: string): ModelRow => ({ path, kind: KIND_DIRECTORY, seed: 0, flags: RowFlag.context });
    expect(await readRows(readManifest(destination, key(delta), delta, {}))).toEqual([
      context(''),
      context('a'),
      context('a/b'),
      row,
      gone,
    ]);
  });

  it('refuses rows out of order, twice, or below what is no directory', async () => {
    const file = (path: string): ModelRow => ({ path, kind: KIND_FILE, seed: 1 });
    await expect(store(delta, [file('b'), file('a')])).rejects.toThrow(/tree order/);
    await expect(store(delta, [file('a'), file('a')])).rejects.toThrow(/tree order/);
    await expect(store(delta, [file('a/b'), file('a-b'), file('a/c')])).rejects.toThrow(/tree order/);
    await expect(store(delta, [file('a'), file('a/b')])).rejects.toThrow(/lies in no directory/);
    await expect(store(base, [file('a/b')])).rejects.toThrow(/not that directory/);
  });

  it('leaves out deleted rows below what became a file', async () => {
    const file: ModelRow = { path: 'a', kind: KIND_FILE, seed: 3, flags: RowFlag.replaced | RowFlag.archived };
    const inside: ModelRow = { path: 'a/b', kind: KIND_FILE, seed: 4, flags: RowFlag.deleted | RowFlag.archived };
    const destination = await store(delta, [file, inside]);
    expect((await readRows(readManifest(destination, key(delta), delta, {}))).map(({ path }) => path)).toEqual(['', 'a']);
  });
});
