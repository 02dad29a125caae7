import { tmpdir } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { KIND_DIRECTORY, KIND_FILE } from '../../../../entries/stat-record.ts';
import { readEnvironment } from '../../../../environment/process-environment.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { overlayBlocks } from '../merge/overlay-blocks.ts';
import { recordOf } from '../testing/model-row.ts';
import { ManifestRowWriter } from './manifest-row-writer.ts';
import { readManifest } from './read-manifest.ts';
import { writeBlocks } from './write-blocks.ts';

/** A million where it is asked for: HOLDFAST_TEST_ROWS=1000000. */
const rows = Number(readEnvironment('HOLDFAST_TEST_ROWS') ?? 60_000);
const MIB = 1 << 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are really in use. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function addRows(writer: ManifestRowWriter, onRow: (index: number) => void): void {
  writer.add({ path: '' as RelPath, flags: 0, stats: recordOf(KIND_DIRECTORY, 1), statOffset: 0 });
  for (let index = 0; index < rows; index++) {
    const directory = `d${String(Math.floor(index / 100)).padStart(6, '0')}`;
    const isDirectory = index % 100 === 0;
    const path = isDirectory ? directory : `${directory}/file ${String(index).padStart(8, '0')}`;
    const stats = recordOf(isDirectory ? KIND_DIRECTORY : KIND_FILE, index);
    writer.add({
      path: path as RelPath,
      flags: 0,
      stats,
      statOffset: 0,
      destinationStats: stats,
      extras: Buffer.alloc(40, index),
    });
    onRow(index);
  }
}

/** Memory in use while rows go by. What grows with every row shows between the second fifth and the end. */
class Samples {
  readonly #bytes: number[] = [];

  take(index: number): void {
    if (index % (rows / 20) === 0) this.#bytes.push(liveBytes());
  }

  get growth(): number {
    const early = this.#bytes.slice(0, 8);
    expect(this.#bytes.length).toBeGreaterThan(15);
    return (Math.max(...this.#bytes) - Math.max(...early)) / MIB;
  }
}

test(`${String(rows)} rows are written, read and merged in bounded memory`, { timeout: 300_000 }, async () => {
  const destination = new MemoryDestination();
  const header = { kind: 'base', runId: 'r1', parentRunId: null, digests: [] } as const;
  const delta = { ...header, kind: 'delta', runId: 'r2' } as const;
  const writing = new Samples();
  const merging = new Samples();
  {
    using writer = new ManifestRowWriter(header, tmpdir());
    addRows(writer, (index) => writing.take(index));
    await writer.store(destination, {});
  }
  {
    using writer = new ManifestRowWriter(delta, tmpdir());
    for (let index = 99; index < rows; index += 1000) {
      const path = `d${String(Math.floor(index / 100)).padStart(6, '0')}/file ${String(index).padStart(8, '0')}`;
      writer.add({ path: path as RelPath, flags: 0, stats: recordOf(KIND_FILE, index + 1), statOffset: 0 });
    }
    await writer.store(destination, {});
  }
  let seen = 0;
  const merged = async function* () {
    const base = readManifest(destination, '.holdfast/manifests/r1.base' as RelPath, header, {});
    const changes = readManifest(destination, '.holdfast/manifests/r2.delta' as RelPath, delta, {});
    for await (const block of overlayBlocks(base, changes, 'state')) {
      // Memory outside of the heap is given back in a task of its own.
      collectGarbage();
      await setImmediate();
      for (let row = 0; row < block.count; row++) merging.take(seen++);
      block.extrasAt(0);
      yield block;
    }
  };
  const written = await writeBlocks(destination, { ...header, runId: 'r3' }, merged(), tmpdir(), {});
  expect(written.rows).toBe(rows + 1);
  expect(writing.growth).toBeLessThan(5);
  expect(merging.growth).toBeLessThan(5);
});
