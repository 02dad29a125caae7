import { closeSync, mkdtempDisposableSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { ficlone, ficloneRange } from './clone.ts';
import { copyRangeFully } from './copy-range.ts';
import { check, ERRNO, errno } from './errno.ts';
import { FIEMAP_EXTENT, listExtents } from './extents.ts';
import type { Extent } from './extents.ts';
import { punchHole } from './sparse.ts';

const MIB = 1_048_576;
const pattern = (length: number, seed: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (index * seed) >> 3));
const physical = (fd: number): number[] => [...listExtents(fd)].map((extent) => extent.physical);
const allShared = (extents: Extent[]): boolean =>
  extents.length > 0 && extents.every(({ flags }) => (flags & FIEMAP_EXTENT.SHARED) !== 0);

it.each([
  ['xfs', 300],
  ['btrfs', 256],
] as const)('clones whole files and ranges on %s: same blocks, marked shared', async (kind, sizeMiB) => {
  await withLoopFilesystem(kind, sizeMiB, async (directory) => {
    const path = (name: string): string => join(directory, name);
    const content = pattern(2 * MIB, 40_503);
    writeFileSync(path('source'), content);
    const source = openSync(path('source'), 'r+');
    punchHole(source, MIB, 64 * 1024);
    content.fill(0, MIB, MIB + 64 * 1024);
    const whole = openSync(path('whole'), 'w+');
    const before = [...listExtents(source)];
    expect(allShared(before)).toBe(false);
    check(ficlone(whole, source), 'ficlone');
    expect(physical(whole)).toEqual(physical(source));
    expect([...listExtents(whole)].length).toBeGreaterThanOrEqual(2);
    expect(allShared([...listExtents(source)])).toBe(true);
    expect(readFileSync(path('whole')).equals(content)).toBe(true);

    // Writing to the clone gives it blocks of its own and leaves the source alone.
    writeSync(whole, Buffer.alloc(4096, 1), 0, 4096, 0);
    expect(physical(whole)[0]).not.toBe(physical(source)[0]);
    expect(readFileSync(path('source')).equals(content)).toBe(true);

    const part = openSync(path('part'), 'w+');
    check(ficloneRange(part, 4096, source, 65_536, 131_072), 'ficlonerange');
    const [extent] = [...listExtents(part)];
    expect(extent).toMatchObject({ logical: 4096, length: 131_072 });
    expect(allShared([...listExtents(part)])).toBe(true);
    expect(
      readFileSync(path('part'))
        .subarray(4096)
        .equals(content.subarray(65_536, 65_536 + 131_072)),
    ).toBe(true);
    expect(ficloneRange(part, 100, source, 0, 4096)).toBe(-1);
    expect(errno()).toBe(ERRNO.EINVAL);
    for (const fd of [source, whole, part]) closeSync(fd);
  });
});

it('says that ext4 cannot clone and that two file systems cannot share', async () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  writeFileSync(join(dir.path, 'a'), 'a');
  const source = openSync(join(dir.path, 'a'), 'r');
  await withLoopFilesystem('ext4', 16, async (directory) => {
    const [sameKind, other] = [openSync(join(directory, 'b'), 'w+'), openSync(join(directory, 'c'), 'w+')];
    expect(ficlone(sameKind, other)).toBe(-1);
    expect(errno()).toBe(ERRNO.ENOTSUP);
    expect(ficlone(other, source)).toBe(-1);
    expect(errno()).toBe(ERRNO.EXDEV);
    expect(ficloneRange(other, 0, source, 0, 0)).toBe(-1);
    expect(copyRangeFully(source, 0, other, 0, 1)).toBeUndefined();
    closeSync(sameKind);
    closeSync(other);
  });
  closeSync(source);
});

it('lists more extents than one call returns', async () => {
  await withLoopFilesystem('ext4', 64, async (directory) => {
    const fd = openSync(join(directory, 'holes'), 'w+');
    for (let index = 0; index < 600; index++) writeSync(fd, Buffer.alloc(4096, index), 0, 4096, index * 16_384);
    const extents = [...listExtents(fd)];
    expect(extents.map(({ logical }) => logical)).toEqual(Array.from({ length: 600 }, (_, index) => index * 16_384));
    expect(extents.every(({ length }) => length === 4096)).toBe(true);
    expect(extents.filter(({ flags }) => (flags & FIEMAP_EXTENT.LAST) !== 0)).toEqual([extents[599]]);
    closeSync(fd);
  });
});

it('lists no extent of an empty file, and says that tmpfs cannot tell', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openSync(join(dir.path, 'empty'), 'w+');
  expect([...listExtents(fd)]).toEqual([]);
  closeSync(fd);
  using memory = mkdtempDisposableSync('/dev/shm/holdfast-');
  const inMemory = openSync(join(memory.path, 'file'), 'w+');
  expect(() => [...listExtents(inMemory)]).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
  closeSync(inMemory);
});
