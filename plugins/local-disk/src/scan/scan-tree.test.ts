import { encodeText, packEntries } from '@holdfast/core/plugin';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { mkdirat } from '../syscalls/create.ts';
import { check } from '../syscalls/errno.ts';
import { O_DIRECTORY } from '../syscalls/open-flags.ts';
import { closeFd, openPath } from '../syscalls/open.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { scanTree } from './scan-tree.ts';
import { openListing } from './open-listing.ts';
import { judgeTree } from './testing/judge-tree.ts';
import { everything, linesOf, pathsOf, scanAll } from './testing/list-scan.ts';
import { ScratchFolder } from './testing/scratch-folder.ts';

const pool = new WorkerPool(2);
const isRoot = process.getuid?.() === 0;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

afterAll(() => pool[Symbol.asyncDispose]());

function countFds(): number {
  return readdirSync('/proc/self/fd').length;
}

test('lists siblings by the bytes of their names, a directory right before its children', async () => {
  using folder = new ScratchFolder();
  for (const name of ['a', 'a-b', 'a.', 'a-', 'ab', 'é', 'b']) folder.makeDirectory(name);
  for (const name of ['a/x', 'a-b/x', 'a./y', 'a/z', 'b/1', 'b/10', 'b/2']) writeFileSync(folder.at(name), '');
  writeFileSync(folder.at(bytes('\xff\xfe')), '');
  writeFileSync(folder.at(bytes('a\x01')), '');
  const report = await scanAll(folder.path, { pool });
  const expected = [
    '',
    'a',
    'a/x',
    'a/z',
    'a\x01',
    'a-',
    'a-b',
    'a-b/x',
    'a.',
    'a./y',
    'ab',
    'b',
    'b/1',
    'b/10',
    'b/2',
    'Ã©',
    '\xff\xfe',
  ];
  expect(pathsOf(report)).toEqual(expected);
  expect(linesOf(report)).toEqual(judgeTree(folder.path));
});

test('tells of every kind what find tells', async () => {
  using folder = new ScratchFolder();
  writeFileSync(folder.at('file'), 'content', { mode: 0o4751 });
  linkSync(folder.at('file'), folder.at('hard link'));
  symlinkSync(bytes('to \xff nowhere'), folder.at('link'));
  symlinkSync('x'.repeat(4_095), folder.at('long link'));
  writeFileSync(folder.at('sparse'), '');
  truncateSync(folder.at('sparse'), 2 ** 42);
  execFileSync('mkfifo', [`${folder.path}/fifo`]);
  if (isRoot) {
    execFileSync('mknod', [`${folder.path}/char`, 'c', '300', '70000']);
    execFileSync('mknod', [`${folder.path}/block`, 'b', '7', '1']);
    execFileSync('chown', ['-h', '1234:5678', `${folder.path}/link`]);
  }
  folder.makeDirectory('empty');
  utimesSync(folder.at('empty'), 1_000.25, 2_000.5);
  const server = createServer().listen(`${folder.path}/socket`);
  await new Promise((resolve) => server.once('listening', resolve));
  const report = await scanAll(folder.path, { pool });
  const judged = judgeTree(folder.path);
  server.close();
  expect(linesOf(report)).toEqual(judged);
  if (isRoot) expect(report.entries.find(({ path }) => path === 'char')).toMatchObject({ device: (300n << 32n) | 70_000n });
  expect(report.skips).toEqual([]);
}, 30_000);

test('packs the same bytes as the core packs from entries', async () => {
  using folder = new ScratchFolder();
  folder.makeDirectory('d', 'e');
  writeFileSync(folder.at('d', 'f'), 'abc');
  symlinkSync('f', folder.at('d', 'l'));
  if (isRoot) execFileSync('mknod', [`${folder.path}/d/c`, 'c', '1', '3']);
  const { blocks, entries } = await scanAll(folder.path, { pool });
  const packed = packEntries(entries);
  for (const column of ['names', 'stats', 'targets'] as const) {
    expect(Buffer.concat(blocks.map((block) => block[column])).toString('hex')).toBe(Buffer.from(packed[column]).toString('hex'));
  }
  expect(blocks.every((block) => block.device === packed.device)).toBe(true);
});

test('follows no symbolic link, not even in place of a directory', async () => {
  using folder = new ScratchFolder();
  using outside = new ScratchFolder();
  writeFileSync(outside.at('secret'), '');
  symlinkSync(outside.path, folder.at('link'));
  symlinkSync('.', folder.at('loop'));
  expect(pathsOf(await scanAll(folder.path, { pool }))).toEqual(['', 'link', 'loop']);
});

test('walks 5,000 directories, each in the other, with few descriptors', async () => {
  using folder = new ScratchFolder();
  let parent = openPath(folder.path, O_DIRECTORY);
  for (let depth = 0; depth < 5_000; depth++) {
    check(mkdirat(parent, Buffer.from('b\0'), 0o755), 'mkdirat');
    if (depth % 100 === 0) check(mkdirat(parent, Buffer.from('c\0'), 0o755), 'mkdirat');
    const child = check(openListing(parent, Buffer.from('b\0')), 'openat');
    closeFd(parent);
    parent = child;
  }
  closeFd(parent);
  const before = countFds();
  const report = await scanAll(folder.path, { pool });
  expect(linesOf(report)).toEqual(judgeTree(folder.path));
  expect(report.entries).toHaveLength(5_051);
  expect(countFds()).toBe(before);
}, 60_000);

test('leaves what is deeper than a block can tell, and says so', async () => {
  using folder = new ScratchFolder();
  folder.makeDirectory('1', '2', '3', '4');
  folder.makeDirectory('1', 'x');
  const report = await scanAll(folder.path, { pool, limits: { maxDepth: 3 } });
  expect(pathsOf(report)).toEqual(['', '1', '1/2', '1/2/3', '1/x']);
  expect(report.skips).toMatchObject([{ path: '1/2/3', code: 'name-not-allowed', subtree: true }]);
});

test('splits a directory of 100,000 files among the threads', async () => {
  using folder = new ScratchFolder();
  mkdirSync(folder.at('giant'));
  // Links to a few files: making a file for each takes three times as long.
  for (let index = 0; index < 100_000; index++) {
    const source = folder.at(`source ${Math.floor(index / 50_000)}`);
    if (index % 50_000 === 0) writeFileSync(source, '');
    linkSync(source, folder.at('giant', `${(index * 7_919) % 100_000}.dat`));
  }
  const report = await scanAll(folder.path, { pool });
  expect(report.entries).toHaveLength(100_004);
  expect(linesOf(report)).toEqual(judgeTree(folder.path));
  expect(Math.max(...report.blocks.map(({ count }) => count))).toBe(1_000);
}, 120_000);

test('stops at an abort, and when the consumer goes away, and leaves no descriptor open', async () => {
  using folder = new ScratchFolder();
  for (let index = 0; index < 300; index++) folder.makeDirectory(`d${index}`, 'e');
  const before = countFds();
  const reason = new Error('enough');
  const controller = new AbortController();
  const limits = { entriesPerTask: 5, entriesPerBlock: 3 };
  const aborted = scanAll(folder.path, { pool, limits, signal: controller.signal, onExclude: () => undefined });
  setImmediate(() => controller.abort(reason));
  await expect(aborted).rejects.toBe(reason);
  await expect(scanAll(folder.path, { pool, signal: controller.signal })).rejects.toBe(reason);
  const fd = openPath(folder.path, O_DIRECTORY);
  const blocks = scanTree(fd, { selection: everything, onSkip: () => undefined, onExclude: () => undefined, pool, limits });
  for await (const block of blocks) if (block.count > 0) break;
  closeFd(fd);
  expect(countFds()).toBe(before);
});

test('reads only so far ahead of a slow consumer', async () => {
  using folder = new ScratchFolder();
  for (let index = 0; index < 400; index++) writeFileSync(folder.makeDirectory(`d${index}`).toString() + '/f', '');
  const fd = openPath(folder.path, O_DIRECTORY);
  const limits = { entriesPerTask: 10, entriesPerBlock: 5, bytesAhead: 4_000 };
  let tasks = 0;
  const counting = {
    size: 2,
    run: (...args: Parameters<WorkerPool['run']>) => (tasks++, pool.run(...args)),
  } as unknown as WorkerPool;
  const blocks = scanTree(fd, {
    selection: everything,
    onSkip: () => undefined,
    onExclude: () => undefined,
    pool: counting,
    limits,
  });
  await blocks.next();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const ahead = tasks;
  let count = 1;
  for await (const block of blocks) count += block.count;
  closeFd(fd);
  expect(count).toBe(801);
  expect(ahead).toBeLessThan(tasks / 4);
});

test('the paths of names that are not UTF-8 lead back to their bytes', async () => {
  using folder = new ScratchFolder();
  folder.makeDirectory(bytes('d\xe9'));
  writeFileSync(folder.at(bytes('d\xe9'), bytes('\xc3')), '');
  const { entries } = await scanAll(folder.path, { pool });
  expect(entries.map(({ path }) => encodeText(path).toString('latin1'))).toEqual(['', 'd\xe9', 'd\xe9/\xc3']);
});
