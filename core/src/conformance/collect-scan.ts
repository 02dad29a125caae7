import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Selection } from '../contracts/selection.ts';
import type { EntryBatch, ScanOptions } from '../contracts/source.ts';
import { toEntryBlock } from '../entries/entry-block-builder.ts';
import { EntryCursor } from '../entries/entry-cursor.ts';
import { comparePaths, parentPath } from '../paths/rel-path.ts';
import { expectTrue, fail } from './expectations.ts';

/** A selection that leaves nothing out, Holdfast's own state included. */
export const everything: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: true,
};

const MAX_BATCH = 1000;

/** All entries of a scan. Fails where they are not in tree order, not below a directory, or in batches that are too large or empty. */
export async function collectScan(
  scan: (options: ScanOptions) => AsyncIterable<EntryBatch>,
  options: Partial<ScanOptions> = {},
): Promise<Entry[]> {
  const ordinary: ScanOptions = {
    selection: everything,
    onSkip: ({ path, message }) => fail(`the scan skipped "${path}": ${message}`),
    onExclude: (count) => fail(`the scan left out ${count} entries, though the selection leaves out nothing`),
  };
  const cursor = new EntryCursor(checkBatches(scan({ ...ordinary, ...options })));
  const entries: Entry[] = [];
  const directories = new Set<RelPath>();
  for (await cursor.start(); !cursor.done; cursor.advance() || (await cursor.refill())) {
    const entry = cursor.entry();
    checkPlace(entry, entries.at(-1), directories);
    if (entry.kind === 'directory') directories.add(entry.path);
    entries.push(entry);
  }
  return entries;
}

async function* checkBatches(batches: AsyncIterable<EntryBatch>) {
  for await (const batch of batches) {
    const block = toEntryBlock(batch);
    expectTrue(
      block.count >= 1 && block.count <= MAX_BATCH,
      `a batch of a scan has ${block.count} entries, 1 to ${MAX_BATCH} are allowed`,
    );
    yield block;
  }
}

function checkPlace({ path }: Entry, before: Entry | undefined, directories: ReadonlySet<RelPath>): void {
  if (before === undefined) {
    expectTrue(path === '', `a scan begins with "${path}", not with its root`);
    return;
  }
  expectTrue(
    comparePaths(before.path, path) < 0,
    `a scan gives ${JSON.stringify(path)} after ${JSON.stringify(before.path)}: not in tree order`,
  );
  expectTrue(directories.has(parentPath(path)), `a scan gives ${JSON.stringify(path)} without the directory that holds it`);
}
