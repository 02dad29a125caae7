import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { offsetInPage, PagedStore } from './paged-store.ts';

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'holdfast-paged-store-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
});

function recordIn(page: Buffer, position: number): Buffer {
  return page.subarray(offsetInPage(position));
}

function fill(store: PagedStore, length: number, mark: number): number {
  const position = store.append(length);
  const bytes = recordIn(store.change(position), position);
  bytes.writeUInt32LE(length, 0);
  bytes.fill(mark, 4, length);
  return position;
}

test('keeps records in order through the scratch file and changes them in place', () => {
  using store = new PagedStore(scratch, 2 << 20);
  const lengths = Array.from({ length: 40_000 }, (_, i) => 100 + (i % 300));
  const positions = lengths.map((length, i) => fill(store, length, i % 251));
  expect(readdirSync(scratch)).toHaveLength(1);
  expect([...store.positions()]).toEqual(positions);
  for (let i = 0; i < positions.length; i += 7)
    recordIn(store.change(positions[i] ?? 0), positions[i] ?? 0).fill(0xee, 4, lengths[i]);
  positions.forEach((position, i) => {
    const bytes = recordIn(store.page(position), position);
    expect(bytes.readUInt32LE(0)).toBe(lengths[i]);
    expect(bytes[4]).toBe(i % 7 === 0 ? 0xee : i % 251);
    expect(bytes[(lengths[i] ?? 0) - 1]).toBe(i % 7 === 0 ? 0xee : i % 251);
  });
});

test('holds a record that is larger than a page', () => {
  using store = new PagedStore(scratch, 2 << 20);
  const before = fill(store, 10, 1);
  const large = fill(store, 5 << 20, 2);
  const after = fill(store, 10, 3);
  expect([...store.positions()]).toEqual([before, large, after]);
  expect(recordIn(store.page(large), large)[(5 << 20) - 1]).toBe(2);
});

test('removes its scratch file when it is disposed', () => {
  const store = new PagedStore(scratch, 2 << 20);
  for (let i = 0; i < 50_000; i++) fill(store, 200, i % 251);
  store[Symbol.dispose]();
  expect(readdirSync(scratch)).toEqual([]);
});
