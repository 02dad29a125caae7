import type { Selection } from '@holdfast/core/plugin';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { WorkerPool } from '../workers/worker-pool.ts';
import { judgeTree } from './testing/judge-tree.ts';
import { everything, linesOf, pathsOf, scanAll } from './testing/list-scan.ts';
import { ScratchFolder } from './testing/scratch-folder.ts';

const pool = new WorkerPool(2);
let folder: ScratchFolder;

beforeEach(() => {
  folder = new ScratchFolder();
});

afterEach(() => folder[Symbol.dispose]());

afterAll(() => pool[Symbol.asyncDispose]());

/** Makes files with their directories; a name that ends with a slash is an empty directory. */
function make(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(folder.at(path.slice(0, path.lastIndexOf('/') + 1)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(folder.at(path), '');
  }
}

/** What is scanned, with usual and with tiny limits: both must agree. */
async function select(
  selection: Partial<Selection>,
): Promise<{ paths: string[]; excluded: number; leftovers: readonly string[] }> {
  const options = { pool, selection: { ...everything, ...selection } };
  const usual = await scanAll(folder.path, options);
  const tiny = await scanAll(folder.path, { ...options, limits: { entriesPerTask: 2, entriesPerBlock: 1, openDirectories: 1 } });
  expect(pathsOf(tiny)).toEqual(pathsOf(usual));
  expect(tiny.excluded).toBe(usual.excluded);
  expect(tiny.leftovers.sort()).toEqual(usual.leftovers.sort());
  expect(usual.skips).toEqual([]);
  return { paths: pathsOf(usual), excluded: usual.excluded, leftovers: usual.leftovers };
}

test('leaves out what rules exclude, a directory once with all that is in it', async () => {
  make('keep/a.txt', 'keep/b.log', 'node_modules/x/y', 'sub/node_modules/z', 'sub/important.log');
  const rules = ['node_modules/', '*.log', '!important.log'].map((pattern) => ({ effect: 'exclude' as const, pattern }));
  expect(await select({ rules })).toEqual({
    paths: ['', 'keep', 'keep/a.txt', 'sub', 'sub/important.log'],
    excluded: 3,
    leftovers: [],
  });
});

test('with include rules, keeps of the other directories only those that lead somewhere', async () => {
  make('a/deep/er/photo.jpg', 'a/empty/', 'a/deep/other/text', 'b/text', 'c.jpg');
  const { paths } = await select({ rules: [{ effect: 'include', pattern: '*.jpg' }] });
  expect(paths).toEqual(['', 'a', 'a/deep', 'a/deep/er', 'a/deep/er/photo.jpg', 'c.jpg']);
});

test('keeps only given paths, and the directories that lead there', async () => {
  make('a/b/c/1', 'a/b/d/2', 'a/x', 'e/3');
  const { paths, excluded } = await select({ paths: ['a/b/c', 'missing/path'] });
  expect(paths).toEqual(['', 'a', 'a/b', 'a/b/c', 'a/b/c/1']);
  expect(excluded).toBeGreaterThan(0);
});

test('leaves out files above a size', async () => {
  make('small', 'exact', 'large', 'dir/');
  truncateSync(folder.at('exact'), 1_000);
  truncateSync(folder.at('large'), 1_001);
  symlinkSync('x'.repeat(2_000), folder.at('link'));
  expect(await select({ excludeLargerThan: 1_000n })).toEqual({
    paths: ['', 'dir', 'exact', 'link', 'small'],
    excluded: 1,
    leftovers: [],
  });
});

test('leaves out the contents of marked directories, but not the marker', async () => {
  make('a/.nobackup', 'a/1', 'a/sub/2', 'b/.nobackup/3', 'c/4');
  const { paths, excluded } = await select({ excludeIfPresent: ['.nobackup', '.other'] });
  expect(paths).toEqual(['', 'a', 'a/.nobackup', 'b', 'b/.nobackup', 'b/.nobackup/3', 'c', 'c/4']);
  expect(excluded).toBe(2);
});

test('leaves out the contents of caches with a valid tag', async () => {
  make('cache/CACHEDIR.TAG', 'cache/1', 'fake/CACHEDIR.TAG', 'fake/2', 'pipe/3');
  writeFileSync(folder.at('cache', 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n# comment');
  writeFileSync(folder.at('fake', 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc5');
  execFileSync('mkfifo', [`${folder.path}/pipe/CACHEDIR.TAG`]);
  const all = [
    '',
    'cache',
    'cache/1',
    'cache/CACHEDIR.TAG',
    'fake',
    'fake/2',
    'fake/CACHEDIR.TAG',
    'pipe',
    'pipe/3',
    'pipe/CACHEDIR.TAG',
  ];
  expect((await select({ excludeCaches: true })).paths).toEqual(all.filter((path) => path !== 'cache/1'));
  expect((await select({})).paths).toEqual(all);
});

test("leaves out Holdfast's own state and temporary names, unless asked for them", async () => {
  make(
    '.holdfast/x',
    'user/.holdfast/notes',
    'mirror/.holdfast/mirror.json',
    'mirror/.holdfast/archive/1',
    'file/.holdfast-tmp-1',
    'file/2',
  );
  make('.holdfast-tmp-dir/3', '.holdfast-tmpx', 'other/4');
  writeFileSync(folder.at('other', '.holdfast'), '');
  const without = [
    '',
    '.holdfast-tmpx',
    'file',
    'file/2',
    'mirror',
    'other',
    'other/.holdfast',
    'other/4',
    'user',
    'user/.holdfast',
    'user/.holdfast/notes',
  ];
  const { paths, excluded, leftovers } = await select({});
  expect(paths).toEqual(without);
  expect(excluded).toBe(2);
  expect(leftovers).toEqual(['.holdfast-tmp-dir', 'file/.holdfast-tmp-1']);
  const all = await select({ includeState: true });
  expect(all.paths).toEqual(judgeTree(folder.path).map((line) => line.split('|')[0]));
  expect([all.excluded, all.leftovers]).toEqual([0, []]);
  const inside = await scanAll(folder.path, { pool, isTreeRoot: false });
  expect(pathsOf(inside)).toContain('.holdfast/x');
});

test.skipIf(process.getuid?.() !== 0)('stays on one file system, and keeps mount points as empty directories', async () => {
  make('a/1', 'mount/', 'z/2');
  execFileSync('mount', ['-t', 'tmpfs', 'holdfast-test', `${folder.path}/mount`]);
  try {
    make('mount/inside', 'mount/dir/3');
    expect((await select({ oneFileSystem: true })).paths).toEqual(['', 'a', 'a/1', 'mount', 'z', 'z/2']);
    const across = await scanAll(folder.path, { pool });
    expect(pathsOf(across)).toEqual(['', 'a', 'a/1', 'mount', 'mount/dir', 'mount/dir/3', 'mount/inside', 'z', 'z/2']);
    const devices = Map.groupBy(across.entries, ({ identity }) => identity?.dev);
    expect([...devices.values()].map((entries) => entries.length)).toEqual([5, 4]);
  } finally {
    execFileSync('umount', [`${folder.path}/mount`]);
  }
});

test.skipIf(process.getuid?.() !== 0)('asks each entry for its kind where the file system does not list it', async () => {
  execFileSync('truncate', ['-s', '8M', `${folder.path}/image`]);
  execFileSync('mkfs.ext4', ['-q', '-O', '^filetype', `${folder.path}/image`]);
  make('mount/');
  execFileSync('mount', ['-o', 'loop', `${folder.path}/image`, `${folder.path}/mount`]);
  try {
    make(
      'mount/d/1',
      'mount/d/e/2',
      'mount/cache/.nobackup',
      'mount/cache/3',
      'mount/odd/.nobackup/4',
      'mount/odd/5',
      'mount/empty/',
    );
    symlinkSync('somewhere', folder.at('mount', 'd', 'link'));
    const mount = `${folder.path}/mount`;
    expect(linesOf(await scanAll(mount, { pool, limits: { entriesPerTask: 3 } }))).toEqual(judgeTree(mount));
    const rules = ['e/', 'lost+found/'].map((pattern) => ({ effect: 'exclude' as const, pattern }));
    const report = await scanAll(mount, { pool, selection: { ...everything, rules, excludeIfPresent: ['.nobackup'] } });
    expect(pathsOf(report)).toEqual([
      '',
      'cache',
      'cache/.nobackup',
      'd',
      'd/1',
      'd/link',
      'empty',
      'odd',
      'odd/.nobackup',
      'odd/.nobackup/4',
      'odd/5',
    ]);
  } finally {
    execFileSync('umount', [`${folder.path}/mount`]);
  }
});
