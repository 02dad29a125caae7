import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
  openSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StatField, unpackEntry } from '@holdfast/core/plugin';
import type { RelPath } from '@holdfast/core/plugin';
import { mountLoopFilesystem, whyNoLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { BatchFixture } from './testing/batch-fixture.ts';

const MIB = 2 ** 20;
let disk: BatchFixture;
beforeEach(() => void (disk = new BatchFixture()));
afterEach(() => disk[Symbol.asyncDispose]());

const isRoot = process.getuid?.() === 0;
const run = (script: string, path: string): string => execFileSync('sh', ['-c', script, path], { encoding: 'utf8' }).trimEnd();
const b3sum = (path: string): string => run('b3sum --no-names "$0"', path);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

test('the record of what was stored is what stat tells afterwards', async () => {
  mkdirSync(join(disk.from, 'new/deep'), { recursive: true });
  for (const name of ['file', 'new/file', 'new/deep/large'])
    writeFileSync(join(disk.from, name), randomBytes(name.includes('large') ? 9 * MIB : 100));
  symlinkSync('target', join(disk.from, 'new/link'));
  const keys = ['file', 'new', 'new/deep', 'new/deep/large', 'new/file', 'new/link'];
  const results = await disk.run(await Promise.all(keys.map((key) => disk.store(key))));
  for (const [index, key] of keys.entries()) {
    const { stat } = results[index]!;
    const entry = unpackEntry(key as RelPath, stat!, 0, 0n, 'target');
    const [kind, size, mode, mtime, ctime, ino, links] = execFileSync(
      'stat',
      ['-c', '%F|%s|%a|%.9Y|%.9Z|%i|%h', join(disk.to, key)],
      { encoding: 'utf8' },
    )
      .trim()
      .split('|');
    expect(entry.kind, key).toBe({ 'regular file': 'file', 'directory': 'directory', 'symbolic link': 'symlink' }[kind!]);
    expect(entry.metadata.mode?.toString(8), key).toBe(mode);
    expect(entry.identity?.ino.toString(), key).toBe(ino);
    if (entry.kind === 'directory') continue;
    expect(nanoseconds(entry.metadata.mtimeNs), key).toBe(mtime);
    expect(nanoseconds(entry.identity?.ctimeNs), key).toBe(ctime);
    expect(entry.identity?.nlink.toString(), key).toBe(links);
    if (entry.kind === 'file') expect(entry.size.toString(), key).toBe(size);
  }
});

const nanoseconds = (ns = 0n): string => `${String(ns / 1_000_000_000n)}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;

test('tells access and birth time of the source', async () => {
  writeFileSync(join(disk.from, 'file'), 'x');
  utimesSync(join(disk.from, 'file'), new Date(1_000_000_000_500), new Date(2_000_000_000_000));
  const [result] = await disk.run([await disk.store('file')]);
  const times = Buffer.from(result!.sourceTimes!);
  expect([times.readBigInt64LE(0), times.readUInt32LE(8)]).toEqual([1_000_000_000n, 500_000_000]);
  const born = BigInt(Math.floor(statSync(join(disk.from, 'file')).birthtimeMs / 1000));
  expect(times.readBigInt64LE(16)).toBe(born);
});

test('compares bytes, and says what the source holds', async () => {
  const bytes = randomBytes(3 * MIB);
  for (const name of ['same', 'differs', 'shorter']) writeFileSync(join(disk.from, name), bytes);
  const other = Buffer.from(bytes);
  other[2 * MIB + 17]! ^= 1;
  writeFileSync(join(disk.to, 'same'), bytes);
  writeFileSync(join(disk.to, 'differs'), other);
  writeFileSync(join(disk.to, 'shorter'), bytes.subarray(1));
  for (const [root, target] of [
    [disk.from, 'a'],
    [disk.to, 'b'],
  ] as const)
    symlinkSync(target, join(root, 'link'));
  const names = ['same', 'differs', 'shorter', 'link'];
  const results = await disk.run(await Promise.all(names.map((name) => disk.about('content', name))));
  expect(results.map(({ equal }) => equal)).toEqual([true, false, false, false]);
  expect(hex(results[0]?.digest?.value)).toBe(b3sum(join(disk.from, 'same')));
  expect(results[0]?.bytesRead).toBe(BigInt(6 * MIB));
});

test.skipIf(!isRoot)('compares attributes and flags, and puts metadata right without touching the bytes', async () => {
  for (const root of [disk.from, disk.to]) writeFileSync(join(root, 'file'), 'same');
  execFileSync(
    'sh',
    [
      '-c',
      'setfattr -n user.a -v 1 file; setfacl -m u:1234:r file; chown 12:34 file; chmod 4750 file; chattr +d file; touch -d @1000000000.5 file',
    ],
    { cwd: disk.from },
  );
  execFileSync('sh', ['-c', 'setfattr -n user.b -v 2 file'], { cwd: disk.to });
  const { ino } = statSync(join(disk.to, 'file'));
  const compare = async (): Promise<boolean | undefined> =>
    (await disk.run([await disk.about('compare-metadata', 'file')]))[0]?.equal;
  expect(await compare()).toBe(false);
  const [result] = await disk.run([await disk.about('metadata', 'file')]);
  expect(result?.notKept).toBeUndefined();
  expect(await compare()).toBe(true);
  expect(statSync(join(disk.to, 'file')).ino).toBe(ino);
  const describe = (root: string): string =>
    execFileSync('sh', ['-c', 'stat -c "%a %u %g %.9Y" file; getfattr -d -m - file; getfacl -n file; lsattr file'], {
      cwd: root,
      encoding: 'utf8',
    });
  expect(describe(disk.to)).toBe(describe(disk.from));
});

test('reads back from the disk, past what is in memory', async () => {
  writeFileSync(join(disk.to, 'large'), randomBytes(5 * MIB + 123));
  writeFileSync(join(disk.to, 'small'), 'x');
  writeFileSync(join(disk.to, 'empty'), '');
  const names = ['large', 'small', 'empty'];
  const results = await disk.run(names.map((name) => disk.inspect(name, 'blake3')));
  for (const [index, name] of names.entries()) {
    expect(hex(results[index]?.digest?.value), name).toBe(b3sum(join(disk.to, name)));
    expect(['medium', 'dropped-cache'], name).toContain(results[index]?.readFrom);
  }
  const [sha, plain, missing] = await disk.run([
    disk.inspect('small', 'sha256'),
    disk.inspect('large'),
    disk.inspect('none/deeper'),
  ]);
  expect(hex(sha?.digest?.value)).toBe(run('sha256sum "$0"', join(disk.to, 'small')).slice(0, 64));
  expect(new DataView(plain!.stat!.buffer, plain!.stat!.byteOffset).getBigUint64(StatField.size, true)).toBe(
    BigInt(5 * MIB + 123),
  );
  expect(missing?.error?.code).toBe('not-found');
});

test.skipIf(!isRoot)('sees damage on the disk that memory hides', async () => {
  const problem = whyNoLoopFilesystem();
  expect(problem).toBeUndefined();
  await using mounted = await mountLoopFilesystem('ext4', 32);
  await using there = new BatchFixture(mounted.directory);
  const marker = randomBytes(4096);
  writeFileSync(join(there.to, 'file'), marker);
  run('sync -f "$0"', there.to);
  const [before] = await there.run([there.inspect('file', 'blake3')]);
  expect(before?.readFrom).toBe('medium');
  const image = readFileSync(mounted.image);
  const at = image.indexOf(marker);
  expect(at).toBeGreaterThan(0);
  const fd = openSync(mounted.image, 'r+');
  writeSync(fd, Buffer.from([marker[0]! ^ 1]), 0, 1, at);
  closeSync(fd);
  const [after] = await there.run([there.inspect('file', 'blake3')]);
  expect(hex(after?.digest?.value)).not.toBe(hex(before?.digest?.value));
});

test('asks for leave before bytes move, and tells of them', async () => {
  for (const [name, size] of [
    ['large', 12 * MIB],
    ['small', 1000],
  ] as const)
    writeFileSync(join(disk.from, name), randomBytes(size));
  let asked = 0;
  let moved = 0;
  let open = true;
  const takeBytes = async (bytes: number): Promise<void> => {
    asked += bytes;
    for (; !open; waits++) await new Promise((resolve) => setTimeout(resolve, 5));
    open = asked < 6 * MIB;
    setTimeout(() => (open = true), 200);
  };
  let waits = 0;
  const results = await disk.run([await disk.store('large'), await disk.store('small')], {
    takeBytes,
    onProgress: (_id, bytes) => (moved += bytes),
  });
  expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
  expect(asked).toBeGreaterThanOrEqual(12 * MIB);
  expect(waits).toBeGreaterThan(20);
  expect(moved).toBeGreaterThan(8 * MIB);
  expect(b3sum(join(disk.to, 'large'))).toBe(b3sum(join(disk.from, 'large')));
});

test.skipIf(!isRoot)('stores below a mount point in the destination', async () => {
  await using mounted = await mountLoopFilesystem('ext4', 32);
  mkdirSync(join(disk.to, 'mnt'));
  execFileSync('mount', ['--bind', mounted.directory, join(disk.to, 'mnt')]);
  try {
    mkdirSync(join(disk.from, 'mnt/new/deep'), { recursive: true });
    const keys = ['mnt/new', 'mnt/new/deep', 'mnt/new/deep/a', 'mnt/new/deep/b', 'mnt/new/c'];
    for (const key of keys.filter((each) => !/new$|deep$/.test(each))) writeFileSync(join(disk.from, key), key);
    const results = await disk.run(await Promise.all(keys.map((key) => disk.store(key))));
    expect(results.map(({ error }) => error)).toEqual(keys.map(() => undefined));
    expect(disk.names()).toEqual(['mnt', ...keys].sort());
  } finally {
    execFileSync('umount', [join(disk.to, 'mnt')]);
  }
});
