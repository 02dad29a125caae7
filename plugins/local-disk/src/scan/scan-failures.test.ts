import { faultBoard } from '../syscalls/enable-fault-hooks.ts';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { WorkerPool } from '../workers/worker-pool.ts';
import { pathsOf, scanAll } from './testing/list-scan.ts';
import { ScratchFolder } from './testing/scratch-folder.ts';

const pool = new WorkerPool(2);
let folder: ScratchFolder;

beforeEach(() => {
  folder = new ScratchFolder();
  for (const name of ['a', 'locked', 'z'])
    writeFileSync(folder.at(folder.makeDirectory(name).subarray(folder.path.length + 1), 'file'), '');
});

afterEach(() => {
  faultBoard.setPlan([]);
  folder[Symbol.dispose]();
});

afterAll(() => pool[Symbol.asyncDispose]());

const whole = ['', 'a', 'a/file', 'locked', 'locked/file', 'z', 'z/file'];

test('a directory that may not be opened is kept, and what is in it is skipped', async () => {
  faultBoard.setPlan([{ call: 'openat', pathIncludes: '/locked', repeat: true, action: { errno: 'EACCES' } }]);
  const report = await scanAll(folder.path, { pool });
  expect(pathsOf(report)).toEqual(whole.filter((path) => path !== 'locked/file'));
  expect(report.skips).toMatchObject([{ path: 'locked', code: 'access-denied', subtree: true }]);
  expect(report.skips[0]?.message).toContain('"locked"');
});

test('a directory that cannot be listed to its end keeps what came before, and is said to lack the rest', async () => {
  faultBoard.setPlan([{ call: 'getdents64', pathIncludes: '/locked', nth: 2, action: { errno: 'EIO' } }]);
  const report = await scanAll(folder.path, { pool });
  expect(pathsOf(report)).toEqual(whole);
  expect(report.skips).toMatchObject([{ path: 'locked', code: 'read-failed', subtree: true }]);
});

test('an entry that tells nothing of itself is skipped', async () => {
  writeFileSync(folder.at('m'), '');
  symlinkSync('x', folder.at('n'));
  faultBoard.setPlan([
    { call: 'statx', pathIncludes: '/m', repeat: true, action: { errno: 'EIO' } },
    { call: 'statx', pathIncludes: '/locked', repeat: true, action: { errno: 'EACCES' } },
    { call: 'readlinkat', pathIncludes: '/n', repeat: true, action: { errno: 'EIO' } },
  ]);
  const report = await scanAll(folder.path, { pool });
  expect(pathsOf(report)).toEqual(['', 'a', 'a/file', 'z', 'z/file']);
  expect(report.skips).toMatchObject([
    { path: 'locked', code: 'access-denied', subtree: true },
    { path: 'm', code: 'read-failed', subtree: false },
    { path: 'n', code: 'read-failed', subtree: false },
  ]);
});

test('opens for reading without O_NOATIME what belongs to somebody else', async () => {
  faultBoard.setPlan([{ call: 'openat', pathIncludes: '/locked', action: { errno: 'EPERM' } }]);
  const report = await scanAll(folder.path, { pool });
  expect(pathsOf(report)).toEqual(whole);
  expect(report.skips).toEqual([]);
});

/** Lets the scan run to a system call, changes something, and lets it go on. */
async function scanAround(
  fault: { call: 'statx' | 'openat' | 'openat2'; pathIncludes: string },
  change: () => void,
  limits = {},
) {
  faultBoard.setPlan([{ ...fault, action: 'pause' }]);
  const scan = scanAll(folder.path, { pool, limits });
  await faultBoard.untilPaused();
  change();
  faultBoard.resume();
  return scan;
}

test('what vanishes between its listing and a look at it is simply not there', async () => {
  const file = await scanAround({ call: 'statx', pathIncludes: '/z/file' }, () => unlinkSync(folder.at('z', 'file')));
  expect(pathsOf(file)).toEqual(['', 'a', 'a/file', 'locked', 'locked/file', 'z']);
  const directory = await scanAround({ call: 'openat', pathIncludes: '/z' }, () =>
    rmSync(folder.at('z').toString(), { recursive: true }),
  );
  expect(pathsOf(directory)).toEqual(['', 'a', 'a/file', 'locked', 'locked/file']);
  expect([...file.skips, ...directory.skips]).toEqual([]);
});

test('never enters a link that took the place of a directory', async () => {
  using outside = new ScratchFolder();
  writeFileSync(outside.at('secret'), '');
  const exchange = (): void => {
    rmSync(folder.at('z').toString(), { recursive: true });
    symlinkSync(outside.path, folder.at('z'));
  };
  expect(pathsOf(await scanAround({ call: 'openat', pathIncludes: '/z' }, exchange))).toEqual([
    '',
    'a',
    'a/file',
    'locked',
    'locked/file',
  ]);
  rmSync(folder.at('z'));
  mkdirSync(folder.at('z'));
  const later = await scanAround({ call: 'openat2', pathIncludes: '/z' }, exchange, { openDirectories: 1 });
  expect(pathsOf(later)).toEqual(['', 'a', 'a/file', 'locked', 'locked/file', 'z']);
  expect(later.skips).toMatchObject([{ path: 'z', code: 'source-changed', subtree: true }]);
});

test('says so where a directory that it had not finished is exchanged for another', async () => {
  const big = folder.makeDirectory('big');
  for (let index = 0; index < 40; index++) writeFileSync(Buffer.concat([big, Buffer.from(`/${index}`)]), '');
  const exchange = (): void => {
    renameSync(big, folder.at('moved'));
    mkdirSync(big);
    writeFileSync(folder.at('big', 'other'), '');
  };
  const limits = { entriesPerTask: 10, openDirectories: 1 };
  const report = await scanAround({ call: 'statx', pathIncludes: '/big/0' }, exchange, limits);
  expect(report.skips).toEqual(
    report.skips.map((): unknown => expect.objectContaining({ path: 'big', code: 'source-changed', subtree: true })),
  );
  expect(report.skips.length).toBeGreaterThan(0);
});

test.skipIf(process.getuid?.() !== 0)(
  'as another user, sees what that user may see',
  async () => {
    chmodSync(folder.path, 0o755);
    chmodSync(folder.at('locked'), 0o700);
    chmodSync(folder.at('a'), 0o744);
    const modules = ['./testing/list-scan.ts'].map((path) => JSON.stringify(new URL(path, import.meta.url).href));
    const program = `
    import(${modules[0]}).then(async ({ scanAll, pathsOf }) => {
      const report = await scanAll(${JSON.stringify(folder.path)});
      console.log(JSON.stringify({ paths: pathsOf(report), skips: report.skips.map(({ path, code, subtree }) => [path, code, subtree]) }));
    });`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=holdfast-source', '-e', program], {
      uid: 65_534,
      gid: 65_534,
      env: {},
    });
    expect(stderr.toString()).toBe('');
    expect(JSON.parse(stdout.toString())).toEqual({
      paths: ['', 'a', 'locked', 'z', 'z/file'],
      skips: [
        ['a/file', 'access-denied', false],
        ['locked', 'access-denied', true],
      ],
    });
    expect(statSync(folder.at('locked')).mode & 0o777).toBe(0o700);
  },
  30_000,
);
