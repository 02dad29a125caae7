import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launcher, Workplace } from './run-holdfast.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
  mkdirSync(place.path('src/sub'), { recursive: true });
  writeFileSync(place.path('src/a.txt'), 'first');
  writeFileSync(place.path('src/sub/b'), 'b');
  writeFileSync(Buffer.concat([Buffer.from(place.path('src/')), Buffer.from([0x66, 0xff])]), 'x');
  place.run(['clone', '@/src', '@/dst']);
  writeFileSync(place.path('src/a.txt'), 'second');
  rmSync(place.path('src/sub/b'));
  writeFileSync(place.path('src/c'), 'c');
  expect(place.run(['clone', '@/src', '@/dst']).status).toBe(0);
});
afterAll(() => place[Symbol.dispose]());

describe('snapshots', () => {
  test('prints one object a line with --json, then the summary', () => {
    const { status, lines } = place.run(['snapshots', '--json', '@/dst']);
    expect(status).toBe(0);
    expect(lines.map(({ type }) => type)).toEqual(['snapshot', 'snapshot', 'summary']);
    expect(lines[0]).toMatchObject({
      id: expect.any(String) as string,
      status: 'ok',
      entries: 5,
      stored: 4,
      retired: 0,
      bytesStored: 7,
    });
    expect(lines[1]).toMatchObject({ stored: 2, retired: 1, archived: { files: 2, bytes: 6, pruned: false } });
    expect(lines[2]).toMatchObject({ status: 'ok', exitCode: 0 });
  });

  test('prints a table for people that fits into 80 columns', () => {
    const { stdout, stderr } = place.run(['snapshots', '@/dst']);
    const [titles = '', first = '', second = ''] = stdout.split('\n');
    expect(titles).toBe('VERSION                 TAKEN             STATUS  ITEMS  COPIED  KEPT');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}ok {10}5 {5}7 B {5}-$/);
    expect(second).toMatch(/ {2}ok {10}5 {5}7 B {3}6 B$/);
    expect(stderr).toBe('');
  });

  test('where there is no clone: 2, with --json too', () => {
    const { status, lines } = place.run(['snapshots', '--json', '@/src']);
    expect(status).toBe(2);
    expect(lines.map(({ type }) => type)).toEqual(['error', 'summary']);
    expect(lines[0]).toMatchObject({ code: 'not-a-mirror' });
    expect(lines[1]).toMatchObject({ status: 'failed', exitCode: 2 });
  });
});

describe('ls', () => {
  test('prints one object a line with --json', () => {
    const { lines } = place.run(['ls', '--json', '@/dst']);
    expect(lines.map(({ type, path }) => [type, path])).toEqual([
      ['entry', ''],
      ['entry', 'a.txt'],
      ['entry', 'c'],
      ['entry', 'f\ufffd'],
      ['entry', 'sub'],
      ['summary', undefined],
    ]);
    const [, file, , odd] = lines;
    expect(file).toMatchObject({
      kind: 'file',
      size: 6,
      mode: 0o644,
      digest: expect.stringMatching(/^blake3:[0-9a-f]{64}$/) as string,
    });
    expect(file?.['mtime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(odd).toMatchObject({ pathBase64: 'Zv8=' });
  });

  test('shows an earlier version, or part of one', () => {
    const { stdout } = place.run(['ls', '@/dst@latest~1']);
    expect(stdout).toMatch(/^-rw-r--r-- {7}5 B {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}a\.txt$/m);
    expect(stdout).toMatch(/^drwxr-xr-x {9}- {2}\S+ \S+ {2}sub$/m);
    expect(stdout).toContain('f\\xff\n');
    expect(place.run(['ls', '--at', 'latest~1', '@/dst', 'sub/']).stdout.split('\n')).toHaveLength(3);
    expect(place.run(['ls', '@/dst@latest~9'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('[snapshot-missing]') as string,
    });
  });

  test('ends quietly when nobody reads on, and loudly when the output cannot be written', () => {
    const shell = (script: string) =>
      spawnSync('bash', ['-c', script, 'bash', launcher, place.path('dst')], { env: { ...place.env }, encoding: 'utf8' });
    expect(shell('set -o pipefail; "$1" ls "$2" | head -c 1 > /dev/null')).toMatchObject({ status: 0, stderr: '' });
    const full = shell('"$1" ls "$2" > /dev/full');
    expect(full.status).toBe(1);
    expect(full.stderr).toContain('the output cannot be written');
  });
});

describe('restore', () => {
  test('brings back the newest version, or an earlier one', () => {
    const newest = place.run(['restore', '@/dst', '@/newest']);
    expect(newest).toMatchObject({ status: 0, stderr: '' });
    expect(newest.stdout).toMatch(/^Restored \S+\/dst to \S+\/newest in /);
    expect(readFileSync(place.path('newest/a.txt'), 'utf8')).toBe('second');
    expect(existsSync(place.path('newest/.holdfast'))).toBe(false);
    expect(place.run(['restore', '@/dst@latest~1', '@/older']).status).toBe(0);
    expect([readFileSync(place.path('older/a.txt'), 'utf8'), readFileSync(place.path('older/sub/b'), 'utf8')]).toEqual([
      'first',
      'b',
    ]);
    expect(existsSync(place.path('older/c'))).toBe(false);
  });

  test('brings back single paths, and leaves alone what it is told to', () => {
    mkdirSync(place.path('part'));
    writeFileSync(place.path('part/a.txt'), 'mine');
    const { status } = place.run(['restore', '--path', '/a.txt', '--path=c', '--overwrite', 'never', '@/dst', '@/part']);
    expect(status).toBe(0);
    expect(readFileSync(place.path('part/a.txt'), 'utf8')).toBe('mine');
    expect([existsSync(place.path('part/c')), existsSync(place.path('part/sub'))]).toEqual([true, false]);
  });

  test('-n --json tells the plan, and the summary last', () => {
    const { status, lines } = place.run(['restore', '-n', '--json', '@/dst', '@/nowhere']);
    expect(status).toBe(0);
    expect(lines.filter(({ type }) => type === 'plan').map(({ path }) => path)).toContain('a.txt');
    expect(lines.at(-1)).toMatchObject({ type: 'summary', status: 'ok' });
    expect(existsSync(place.path('nowhere'))).toBe(false);
  });
});

describe('verify', () => {
  test('finds what is missing, puts it right, and is content then', () => {
    expect(place.run(['verify', '@/dst'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('everything is as it was recorded') as string,
    });
    rmSync(place.path('dst/c'));
    const damaged = place.run(['verify', '--json', '@/dst']);
    expect(damaged.status).toBe(5);
    expect(damaged.lines.at(-1)).toMatchObject({ type: 'summary', status: 'failed', exitCode: 5 });
    expect(damaged.lines).toContainEqual(expect.objectContaining({ type: 'item', op: 'verify', path: 'c' }));
    const repaired = place.run(['verify', '--repair-from', '@/src', '@/dst']);
    expect(repaired.status).toBe(0);
    expect(repaired.stdout).toContain('  Put right   1 item\n');
    expect(readFileSync(place.path('dst/c'), 'utf8')).toBe('c');
    expect(place.run(['verify', '@/dst']).status).toBe(0);
  });
});
