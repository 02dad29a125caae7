import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Workplace } from '../cli/run-holdfast.ts';
import type { Run, RunOptions } from '../cli/run-holdfast.ts';
import { hasRestic, restic } from './restic.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  mkdirSync(place.path('source'));
  writeFileSync(place.path('source/file'), 'content of a file\n'.repeat(1000));
});
afterEach(() => place[Symbol.dispose]());

const withPassword = (password: string, env: Record<string, string> = {}): RunOptions => ({
  env: { HOLDFAST_PASSWORD: password, ...env },
});
const repo = (words: readonly string[], password = 'secret', env: Record<string, string> = {}): Run =>
  place.run(['repo', ...words], withPassword(password, env));

describe.runIf(hasRestic)('repo init', () => {
  test.each(['1', '2'])('makes one of version %s that restic uses, and shows what restic put there', (version) => {
    const made = repo(['init', '@/repo', '--repository-version', version, '--json']);
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('holdfast repo kit')]);
    expect(made.lines[0]).toMatchObject({ type: 'repository', version: Number(version), location: place.path('repo') });
    expect(restic(place.path('repo'), 'secret', ['check', '--read-data'])).toMatchObject({ status: 0 });
    for (const tag of ['one', 'two'])
      expect(restic(place.path('repo'), 'secret', ['backup', place.path('source'), '--tag', tag])).toMatchObject({ status: 0 });
    const { status, lines } = place.run(['snapshots', '@/repo', '--json'], withPassword('secret'));
    expect(status).toBe(0);
    expect(lines.map(({ type }) => type)).toEqual(['snapshot', 'snapshot', 'summary']);
    const theirs = JSON.parse(restic(place.path('repo'), 'secret', ['snapshots', '--json']).stdout) as {
      id: string;
      tree: string;
    }[];
    expect(lines.slice(0, 2).map(({ id, tree }) => ({ id, tree }))).toMatchObject(theirs.map(({ id, tree }) => ({ id, tree })));
    expect(lines[1]).toMatchObject({ tags: ['two'], paths: [place.path('source')] });
  });

  test('lets nobody else look in, as restic does', () => {
    expect(repo(['init', '@/repo']).status).toBe(0);
    const modes = ['config', 'keys', 'data', 'data/00', 'locks', `keys/${readdirSync(place.path('repo/keys'))[0] ?? ''}`];
    expect(modes.map((name) => statSync(place.path('repo', name)).mode & 0o777)).toEqual([
      0o400, 0o700, 0o700, 0o700, 0o700, 0o400,
    ]);
  });

  test('cuts files as another repository does', () => {
    expect(restic(place.path('model'), 'other', ['init'])).toMatchObject({ status: 0 });
    const env = { HOLDFAST_FROM_PASSWORD: 'other' };
    expect(repo(['init', '@/repo', '--from-repo', '@/model'.replace('@', place.folder)], 'secret', env).status).toBe(0);
    const polynomials = [
      ['repo', 'secret'],
      ['model', 'other'],
    ].map(([name = '', password = '']) => {
      const { stdout } = restic(place.path(name), password, ['cat', 'config']);
      return (JSON.parse(stdout) as { chunker_polynomial: string }).chunker_polynomial;
    });
    expect(polynomials[0]).toBe(polynomials[1]);
  });

  test('refuses where one is, where a clone is, and an empty password', () => {
    expect(repo(['init', '@/repo'], '').status).toBe(2);
    expect(repo(['init', '@/repo']).status).toBe(0);
    expect(repo(['init', '@/repo'])).toMatchObject({
      status: 7,
      stderr: expect.stringContaining('[repository-exists]') as string,
    });
    expect(place.run(['clone', '@/source', '@/clone']).status).toBe(0);
    expect(repo(['init', '@/clone']).status).toBe(7);
  });
});

describe('passwords', () => {
  test('come from a file and from a command; a wrong one is 3, none is 2, no repository is 2', () => {
    writeFileSync(place.path('password'), 'secret\n');
    expect(place.run(['repo', 'init', '@/repo', '--password-file=@/password']).status).toBe(0);
    expect(place.run(['snapshots', '@/repo', '--password-command', `cat ${place.path('password')}`]).status).toBe(0);
    expect(place.run(['snapshots', '@/repo'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--password-file') as string,
    });
    const wrong = place.run(['snapshots', '@/repo', '--json'], withPassword('wrong'));
    expect([wrong.status, wrong.lines[0]?.['code']]).toEqual([3, 'password-wrong']);
    expect(repo(['stats', '@/nothing']).status).toBe(2);
    expect(repo(['stats', '@/source'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('[not-a-repository]') as string,
    });
    expect(place.run(['snapshots', '@/repo', '--password-command', 'exit 4']).status).toBe(2);
  });
});

describe.runIf(hasRestic)('repo key', () => {
  test('keys added by one are used by the other, and the password is changed', () => {
    expect(repo(['init', '@/repo']).status).toBe(0);
    const added = repo(['key', 'add', '@/repo', '--json'], 'secret', { HOLDFAST_NEW_PASSWORD: 'second' });
    expect(added.status).toBe(0);
    expect(restic(place.path('repo'), 'second', ['cat', 'config'])).toMatchObject({ status: 0 });
    writeFileSync(place.path('third'), 'third');
    const third = ['key', 'add', '--new-password-file', place.path('third')];
    expect(restic(place.path('repo'), 'second', third)).toMatchObject({ status: 0 });
    const listed = repo(['key', 'list', '@/repo', '--json'], 'third').lines.filter(({ type }) => type === 'key');
    expect(listed.map(({ current }) => current).sort()).toEqual([false, false, true]);
    const inUse = listed.find(({ current }) => current)?.['id'] as string;
    expect(repo(['key', 'remove', '@/repo', inUse], 'third').status).toBe(2);
    expect(repo(['key', 'remove', '@/repo', added.lines[0]?.['id'] as string], 'third').status).toBe(0);
    expect(restic(place.path('repo'), 'second', ['cat', 'config']).status).not.toBe(0);
    expect(repo(['key', 'passwd', '@/repo'], 'third', { HOLDFAST_NEW_PASSWORD: 'fourth' }).status).toBe(0);
    expect(repo(['key', 'list', '@/repo'], 'third').status).toBe(3);
    expect(restic(place.path('repo'), 'fourth', ['check', '--read-data'])).toMatchObject({ status: 0 });
    expect(repo(['key', 'remove', '@/repo']).status).toBe(2);
  });
});

describe.runIf(hasRestic)('repo kit', () => {
  test('is enough to restore where the keys are lost', () => {
    expect(repo(['init', '@/repo', '--kit', place.path('kit.txt')]).status).toBe(0);
    const page = readFileSync(place.path('kit.txt'), 'utf8');
    expect(page).toContain(`restic -r ${place.path('repo')} restore latest --target /restored`);
    expect(page).not.toContain('secret');
    expect(repo(['kit', '@/repo', '--output', place.path('kit.txt')]).status).toBe(2);
    rmSync(place.path('repo/keys'), { recursive: true });
    expect(repo(['stats', '@/repo']).status).toBe(5);
    const name = /^keys\/([0-9a-f]{64})$/m.exec(page)?.[1] ?? '';
    const text =
      page
        .slice(page.indexOf(name))
        .match(/^ {4}.*$/gm)
        ?.map((line) => line.slice(4))
        .join('') ?? '';
    mkdirSync(place.path('repo/keys'));
    writeFileSync(place.path('repo/keys', name), text);
    expect(restic(place.path('repo'), 'secret', ['cat', 'config'])).toMatchObject({ status: 0 });
    expect(repo(['kit', '@/repo', '--json']).lines[0]).toMatchObject({ type: 'kit', keys: [{ id: name, text }] });
  });
});

describe.runIf(hasRestic)('repo tag and stats', () => {
  test('change what restic shows, and count what it stored', () => {
    expect(repo(['init', '@/repo']).status).toBe(0);
    const backup = ['backup', place.path('source'), '--tag', 'one'];
    expect(restic(place.path('repo'), 'secret', backup)).toMatchObject({ status: 0 });
    const [tagged] = repo(['tag', '@/repo', 'latest', '--add', 'two,three', '--remove', 'one', '--json']).lines;
    expect(tagged).toMatchObject({ type: 'snapshot', tags: ['two', 'three'] });
    const theirs = JSON.parse(restic(place.path('repo'), 'secret', ['snapshots', '--json']).stdout) as Record<string, unknown>[];
    expect(theirs).toMatchObject([{ id: tagged?.['id'], tags: ['two', 'three'], original: tagged?.['before'] }]);
    expect(repo(['tag', '@/repo']).status).toBe(2);
    const [stats] = repo(['stats', '@/repo', '--json']).lines;
    const raw = JSON.parse(restic(place.path('repo'), 'secret', ['stats', '--mode', 'raw-data', '--json']).stdout) as {
      total_size: number;
    };
    expect(stats).toMatchObject({ type: 'stats', snapshots: 1, storedBytes: raw.total_size });
    expect(restic(place.path('repo'), 'secret', ['check', '--read-data'])).toMatchObject({ status: 0 });
  });
});

describe.runIf(hasRestic)('damage', () => {
  test('is named, ends with 5, and hides nothing else', () => {
    expect(repo(['init', '@/repo']).status).toBe(0);
    for (const tag of ['one', 'two']) restic(place.path('repo'), 'secret', ['backup', place.path('source'), '--tag', tag]);
    const [first = ''] = readdirSync(place.path('repo/snapshots'));
    rmSync(place.path('repo/snapshots', first));
    writeFileSync(place.path('repo/snapshots', first), 'something else');
    const listed = place.run(['snapshots', '@/repo', '--json'], withPassword('secret'));
    expect(listed.status).toBe(5);
    expect(listed.lines.map(({ type }) => type)).toEqual(['snapshot', 'error', 'summary']);
    expect(listed.lines[1]?.['message']).toContain(first);
    rmSync(place.path('repo/config'));
    writeFileSync(place.path('repo/config'), 'x'.repeat(155));
    expect(repo(['stats', '@/repo'])).toMatchObject({ status: 5, stderr: expect.stringContaining('config') as string });
  });
});
