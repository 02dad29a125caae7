import { tmpdir } from 'node:os';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../../testing/byte-content.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { manifestKey } from '../state-keys.ts';
import { type ModelRow, readRows, toManifestRow } from '../testing/model-row.ts';
import { randomTree, seededNumbers } from '../testing/random-tree.ts';
import type { ManifestBlock } from './manifest-block.ts';
import type { ManifestHeader } from './manifest-layout.ts';
import { ManifestRowWriter } from './manifest-row-writer.ts';
import { readManifest } from './read-manifest.ts';

const header: ManifestHeader = { kind: 'base', runId: '2026-11-23T205308.123Z', parentRunId: null, digests: [] };
const key = manifestKey(header.runId, 'base');

async function bytesOf(rows: readonly ModelRow[], of = header): Promise<Buffer> {
  const destination = new MemoryDestination();
  using writer = new ManifestRowWriter(of, tmpdir());
  for (const row of rows) writer.add(toManifestRow(row));
  await writer.store(destination, {});
  const pieces: Uint8Array[] = [];
  for await (const piece of destination.read(manifestKey(of.runId, of.kind), {})) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** How reading a changed file ends. Rows that came before the end must be those that were written. */
async function readDamaged(bytes: Uint8Array, rows: readonly ModelRow[]): Promise<string> {
  const destination = new MemoryDestination();
  await destination.write(key, contentOf(bytes), {});
  const seen: ManifestBlock[] = [];
  let end = 'whole';
  try {
    for await (const block of readManifest(destination, key, header, {})) seen.push(block);
  } catch (error) {
    end = (error as { code?: string }).code ?? String(error);
  }
  const before = seen.length === 0 ? [] : await readRows(ReadableStream.from(seen));
  expect(before).toEqual(rows.slice(0, before.length));
  return end;
}

describe('damage to a manifest', () => {
  const small = randomTree(40, seededNumbers(7));

  it('is found wherever one byte is changed', async () => {
    const bytes = await bytesOf(small);
    for (let at = 0; at < bytes.length; at++) {
      for (const bits of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ bits;
        expect(await readDamaged(damaged, small), `byte ${String(at)}`).toBe('state-damaged');
      }
    }
  });

  it('is found wherever the file is cut short, or something is added', async () => {
    const bytes = await bytesOf(small);
    for (let length = 0; length < bytes.length; length++) {
      expect(await readDamaged(bytes.subarray(0, length), small), `${String(length)} bytes`).toBe('state-damaged');
    }
    expect(await readDamaged(Buffer.concat([bytes, Buffer.alloc(1)]), small)).toBe('state-damaged');
    expect(await readDamaged(bytes, small)).toBe('whole');
  });

  it('is found when a whole block is lost, doubled, exchanged or of another file', async () => {
    const rows = randomTree(4500, seededNumbers(8));
    const bytes = await bytesOf(rows);
    const starts: number[] = [];
    for (let at = bytes.indexOf('HBLK'); at >= 0; at = bytes.indexOf('HBLK', at + 1)) starts.push(at);
    const end = bytes.lastIndexOf('HEND');
    expect(starts.length).toBeGreaterThanOrEqual(4);
    const head = bytes.subarray(0, starts[0]);
    const blocks = starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? end));
    const tail = bytes.subarray(end);
    const join = (order: readonly number[]): Buffer =>
      Buffer.concat([head, ...order.map((index) => blocks[index] ?? tail), tail]);
    expect(await readDamaged(join(blocks.keys().toArray()), rows)).toBe('whole');
    for (const order of [[0, 1, 2], [0, 2, 3, 4], [0, 1, 1, 2, 3, 4], [0, 2, 1, 3, 4], [1, 2, 3, 4], []]) {
      expect(await readDamaged(join(order), rows), order.join()).toBe('state-damaged');
    }
    const other = await bytesOf(rows, { ...header, runId: '2026-11-24T205308.123Z' });
    const foreign = Buffer.concat([
      bytes.subarray(0, starts[1]),
      other.subarray(other.indexOf('HBLK', other.indexOf('HBLK') + 1)),
    ]);
    expect(await readDamaged(foreign, rows)).toBe('state-damaged');
    expect(await readDamaged(other, rows), 'the manifest of another run').toBe('state-damaged');
  });

  it('is told from a newer format', async () => {
    const bytes = await bytesOf(small);
    bytes.writeUInt32LE(2, 8);
    const headerEnd = 16 + bytes.readUInt32LE(12);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, headerEnd)), headerEnd);
    expect(await readDamaged(bytes, small)).toBe('format-unknown');
  });

  it('is what a missing file is', async () => {
    const read = readRows(readManifest(new MemoryDestination(), key, header, {}));
    await expect(read).rejects.toMatchObject({ code: 'state-damaged' });
  });
});
