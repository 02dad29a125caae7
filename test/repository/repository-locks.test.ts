import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { launcher, type Run, Workplace } from '../cli/run-holdfast.ts';
import { hasRestic, restic, startRestic } from './restic.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workplace;
const started: ChildProcess[] = [];
beforeEach(() => {
  place = new Workplace();
  mkdirSync(place.path('source'));
  writeFileSync(place.path('source/file'), 'content');
  expect(repo(['init', '@/repo']).status).toBe(0);
  if (hasRestic) expect(theirs(['backup', place.path('source')]).status).toBe(0);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  place[Symbol.dispose]();
});

const env = { HOLDFAST_PASSWORD: 'secret' };
const repo = (words: readonly string[]): Run => place.run(['repo', ...words], { env });
const theirs = (words: readonly string[]): ReturnType<typeof restic> => restic(place.path('repo'), 'secret', words);

async function untilLocks(count: number): Promise<void> {
  await expect.poll(() => readdirSync(place.path('repo/locks')).length, { timeout: 60_000 }).toBe(count);
}

/** Restic while it holds a shared lock: it waits for more to back up. */
async function sharedByRestic(): Promise<ChildProcess> {
  const child = startRestic(place.path('repo'), 'secret', ['backup', '--stdin']);
  started.push(child);
  await untilLocks(1);
  return child;
}

/** Holdfast while it holds a lock, a shared one for `add` and one of its own for `passwd`: it waits for the new password. */
async function heldByHoldfast(action: 'add' | 'passwd'): Promise<ChildProcess> {
  const words = ['repo', 'key', action, place.path('repo'), '--new-password-command', `cat ${place.path('fifo')}`];
  const fifo = spawn('mkfifo', [place.path('fifo')]);
  await once(fifo, 'close');
  const child = spawn(launcher, words, { cwd: place.folder, env: { ...place.env, ...env }, stdio: 'ignore' });
  started.push(child);
  await untilLocks(1);
  return child;
}

describe.runIf(hasRestic)('locks of restic', () => {
  test('a shared one lets us read and keeps us from changing, until it ends', async () => {
    const child = await sharedByRestic();
    expect(place.run(['snapshots', '@/repo'], { env }).status).toBe(0);
    const refused = repo(['tag', '@/repo', '--add', 'x', '--json']);
    expect([refused.status, refused.lines[0]?.['code']]).toEqual([6, 'locked']);
    expect(refused.lines[0]?.['message']).toContain(`process ${String(child.pid)}`);
    setTimeout(() => child.stdin?.end('data'), 3000);
    const waiting = spawn(launcher, ['repo', 'tag', place.path('repo'), '--add', 'x', '--retry-lock', '60s'], {
      env: { ...place.env, ...env },
      stdio: 'ignore',
    });
    started.push(waiting);
    expect(await once(waiting, 'close')).toEqual([0, null]);
    expect(theirs(['check', '--read-data'])).toMatchObject({ status: 0 });
    await untilLocks(0);
  });

  test('one of its own keeps us from everything but --no-lock, and is removed when its process is gone', async () => {
    const child = startRestic(place.path('repo'), 'secret', ['check']);
    started.push(child);
    await untilLocks(1);
    child.kill('SIGSTOP');
    expect(place.run(['snapshots', '@/repo'], { env }).status).toBe(6);
    expect(place.run(['snapshots', '@/repo', '--no-lock'], { env }).status).toBe(0);
    expect(repo(['unlock', '@/repo']).stdout).toContain('Left lock');
    child.kill('SIGKILL');
    await once(child, 'close');
    await untilLocks(1);
    expect(place.run(['snapshots', '@/repo'], { env }).status).toBe(0);
    await untilLocks(0);
  });
});

describe.runIf(hasRestic)('our locks', () => {
  test('a shared one keeps restic from removing, but not from reading', async () => {
    await heldByHoldfast('add');
    expect(theirs(['snapshots'])).toMatchObject({ status: 0 });
    const refused = theirs(['forget', 'latest']);
    expect([refused.status === 0, refused.stderr]).toEqual([false, expect.stringContaining('already locked')]);
  });

  test('one of our own keeps restic from everything; when we are killed either removes what is left', async () => {
    const child = await heldByHoldfast('passwd');
    const refused = theirs(['snapshots']);
    expect([refused.status === 0, refused.stderr]).toEqual([false, expect.stringContaining('locked exclusively')]);
    child.kill('SIGKILL');
    await once(child, 'close');
    await untilLocks(1);
    expect(theirs(['unlock'])).toMatchObject({ status: 0 });
    await untilLocks(0);
    expect(theirs(['check'])).toMatchObject({ status: 0 });
  });

  test('repo unlock removes what a killed process of ours left', async () => {
    const child = await heldByHoldfast('passwd');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(repo(['unlock', '@/repo', '--json']).lines[0]).toMatchObject({ type: 'lock', removed: true, pid: child.pid });
    await untilLocks(0);
  });
});

describe.runIf(hasRestic && process.getuid?.() === 0)('a repository that another user may read but not write', () => {
  test('is read without a lock, which is told, and is not changed', () => {
    const uid = 12_345;
    const open = (path: string): void => {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const below = `${path}/${entry.name}`;
        chmodSync(below, entry.isDirectory() ? 0o755 : 0o444);
        if (entry.isDirectory()) open(below);
      }
    };
    open(place.path('repo'));
    chmodSync(place.folder, 0o755);
    mkdirSync(place.path('home'));
    chownSync(place.path('home'), uid, uid);
    const home = { ...env, HOME: place.path('home'), XDG_STATE_HOME: place.path('home'), XDG_CACHE_HOME: place.path('home') };
    const listed = place.run(['snapshots', '@/repo', '--json'], { env: home, userId: uid });
    expect([listed.status, listed.lines.map(({ type }) => type)]).toEqual([0, ['warning', 'snapshot', 'summary']]);
    expect(place.run(['snapshots', '@/repo', '--no-lock', '--json'], { env: home, userId: uid }).lines.length).toBe(2);
    expect(place.run(['repo', 'tag', '@/repo', '--add', 'x'], { env: home, userId: uid }).status).toBe(3);
    chmodSync(place.path('repo/config'), 0o400);
    expect(place.run(['snapshots', '@/repo'], { env: home, userId: uid }).status).toBe(3);
  });
});
