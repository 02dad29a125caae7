import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { KIND_DIRECTORY, KIND_FILE } from '../../../../entries/stat-record.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { DeviceBoundaries } from '../manifest/device-boundaries.ts';
import { RowFlag } from '../manifest/manifest-block.ts';
import { ManifestRowWriter } from '../manifest/manifest-row-writer.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { recordOf } from '../testing/model-row.ts';
import { DeviceNumbers } from './device-numbers.ts';

const header = { kind: 'base', runId: 'r', parentRunId: null, digests: [] } as const;

/** Stores a tree (directories end with a slash) on devices and answers the device of each path as it is read. */
async function throughManifest(tree: readonly (readonly [path: string, device: bigint])[]): Promise<Map<string, bigint>> {
  const destination = new MemoryDestination();
  const boundaries = new DeviceBoundaries();
  using writer = new ManifestRowWriter(header, tmpdir());
  for (const [written, device] of tree) {
    const path = written.replace(/\/$/, '') as RelPath;
    const depth = path === '' ? 0 : path.split('/').length;
    const flags = boundaries.isCrossedBy(depth, device) ? RowFlag.otherDevice : 0;
    writer.add({ path, flags, stats: recordOf(path === written && path !== '' ? KIND_FILE : KIND_DIRECTORY, 1), statOffset: 0 });
  }
  await writer.store(destination, {});
  const numbers = new DeviceNumbers();
  const found: bigint[] = [];
  for await (const block of readManifest(destination, '.holdfast/manifests/r.base' as RelPath, header, {})) {
    found.push(...(numbers.of(block) ?? new BigUint64Array(block.count)));
  }
  return new Map(tree.map(([path], index) => [path, found[index] ?? -1n]));
}

test('a tree on one device has one number', async () => {
  const files = Array.from({ length: 3000 }, (_, index) => [`f${String(index).padStart(4, '0')}`, 42n] as const);
  expect(new Set((await throughManifest([['', 42n], ...files])).values())).toEqual(new Set([0n]));
});

test('what is mounted somewhere gets another number, and what comes after it has the first again', async () => {
  const many = Array.from({ length: 2500 }, (_, index) => [`mnt/disk/f${String(index).padStart(4, '0')}`, 7n] as const);
  const devices = await throughManifest([
    ['', 42n],
    ['a', 42n],
    ['mnt/', 42n],
    ['mnt/disk/', 7n],
    ...many,
    ['mnt/disk/inner/', 9n],
    ['mnt/disk/inner/x', 9n],
    ['mnt/disk/z', 7n],
    ['mnt/file', 8n],
    ['mnt/last', 42n],
    ['other/', 7n],
    ['other/x', 7n],
  ]);
  const of = (path: string): bigint | undefined => devices.get(path);
  expect([of(''), of('a'), of('mnt/'), of('mnt/last')]).toEqual([0n, 0n, 0n, 0n]);
  expect(new Set(many.map(([path]) => of(path)))).toEqual(new Set([of('mnt/disk/')]));
  expect(of('mnt/disk/z')).toBe(of('mnt/disk/'));
  expect(of('mnt/disk/inner/x')).toBe(of('mnt/disk/inner/'));
  const apart = [of(''), of('mnt/disk/'), of('mnt/disk/inner/'), of('mnt/file'), of('other/')];
  expect(new Set(apart).size).toBe(apart.length);
  expect(of('other/x')).toBe(of('other/'));
});
