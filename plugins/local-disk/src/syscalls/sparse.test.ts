import { faultBoard } from './enable-fault-hooks.ts';
import { closeSync, fstatSync, ftruncateSync, mkdtempDisposableSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { check } from './errno.ts';
import { FALLOC_FL_KEEP_SIZE, fallocate, findData, ftruncate, lseek, punchHole, SEEK_HOLE, SEEK_SET } from './sparse.ts';
import type { DataRange } from './sparse.ts';

const KIB64 = 65_536;
afterEach(() => faultBoard.setPlan([]));

function dataRanges(fd: number, size: number): DataRange[] {
  const ranges: DataRange[] = [];
  for (let range = findData(fd, 0, size); range !== undefined; range = findData(fd, range.end, size)) ranges.push(range);
  return ranges;
}

function checkHoles(directory: string): void {
  const path = join(directory, 'sparse');
  const fd = openSync(path, 'w+');
  check(ftruncate(fd, 10 * KIB64), 'ftruncate');
  expect(dataRanges(fd, 10 * KIB64)).toEqual([]);
  writeSync(fd, Buffer.alloc(KIB64, 1), 0, KIB64, 2 * KIB64);
  writeSync(fd, Buffer.alloc(3 * KIB64, 2), 0, 3 * KIB64, 7 * KIB64);
  expect(dataRanges(fd, 10 * KIB64)).toEqual([
    { start: 2 * KIB64, end: 3 * KIB64 },
    { start: 7 * KIB64, end: 10 * KIB64 },
  ]);
  punchHole(fd, 8 * KIB64, KIB64);
  expect(dataRanges(fd, 10 * KIB64)).toEqual([
    { start: 2 * KIB64, end: 3 * KIB64 },
    { start: 7 * KIB64, end: 8 * KIB64 },
    { start: 9 * KIB64, end: 10 * KIB64 },
  ]);
  expect(fstatSync(fd).blocks * 512).toBe(3 * KIB64);
  expect(
    readFileSync(path)
      .subarray(8 * KIB64, 9 * KIB64)
      .every((byte) => byte === 0),
  ).toBe(true);
  expect(findData(fd, 0, 2 * KIB64)).toBeUndefined();
  expect(findData(fd, 7 * KIB64 + 5, 7 * KIB64 + 9)).toEqual({ start: 7 * KIB64 + 5, end: 7 * KIB64 + 9 });
  expect(lseek(fd, 0, SEEK_HOLE)).toBe(0);
  expect(lseek(fd, 123, SEEK_SET)).toBe(123);
  closeSync(fd);
}

it.each([
  ['xfs', 300],
  ['btrfs', 128],
  ['ext4', 16],
] as const)('finds data and punches holes on %s', async (kind, sizeMiB) => {
  await withLoopFilesystem(kind, sizeMiB, async (directory) => checkHoles(directory));
});

it('finds data and punches holes on tmpfs', () => {
  using memory = mkdtempDisposableSync('/dev/shm/holdfast-');
  checkHoles(memory.path);
});

it('takes all as data where the file system has no holes, and says when allocating fails', async () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openSync(join(dir.path, 'file'), 'w+');
  ftruncateSync(fd, 1000);
  faultBoard.setPlan([{ call: 'lseek', action: { errno: 'EINVAL' } }]);
  expect(findData(fd, 5, 1000)).toEqual({ start: 5, end: 1000 });
  faultBoard.setPlan([{ call: 'lseek', action: { errno: 'EIO' } }]);
  expect(() => findData(fd, 5, 1000)).toThrow(expect.objectContaining({ code: 'EIO', syscall: 'lseek' }));
  check(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 5 * KIB64), 'fallocate');
  expect([fstatSync(fd).size, fstatSync(fd).blocks * 512 >= 5 * KIB64]).toEqual([1000, true]);
  closeSync(fd);
  await withLoopFilesystem('ext4', 16, async (directory) => {
    const full = openSync(join(directory, 'file'), 'w+');
    expect(() => check(fallocate(full, 0, 0, 64 * 1_048_576), 'fallocate')).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    closeSync(full);
  });
});

it('works above 4 GiB', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openSync(join(dir.path, 'large'), 'w+');
  const offset = 5 * 1024 ** 3;
  check(ftruncate(fd, 1024 ** 4), 'ftruncate');
  writeSync(fd, Buffer.from('x'), 0, 1, offset);
  expect(dataRanges(fd, 1024 ** 4)).toEqual([{ start: offset, end: offset + 4096 }]);
  closeSync(fd);
});
