import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JsonLine, Workplace } from './run-holdfast.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  mkdirSync(place.path('src/photos'), { recursive: true });
  writeFileSync(place.path('src/a.txt'), 'one');
  writeFileSync(place.path('src/photos/b.jpg'), 'picture');
  symlinkSync('a.txt', place.path('src/link'));
});
afterEach(() => place[Symbol.dispose]());

const clone = (...options: string[]) => place.run(['clone', ...options, '@/src', '@/dst']);
const summaryOf = (lines: readonly JsonLine[]): JsonLine => {
  const last = lines.at(-1);
  expect(last?.type).toBe('summary');
  expect(lines.filter(({ type }) => type === 'summary')).toHaveLength(1);
  if (last === undefined) throw new Error('There is no line.');
  return last;
};

describe('clone', () => {
  test('copies, tells how it was proved, and does nothing the second time', () => {
    const first = clone('--verify', '--allow-same-disk');
    expect(first.status).toBe(0);
    expect(first.stderr).toMatch(/^\nThe same command again .+\n.+\nTo get all of it back: holdfast restore \S+\/dst TARGET\n$/);
    expect(first.stdout).toMatch(/^Cloned \S+\/src to \S+\/dst in .+\.\n {2}Copied +4 items, 10 B\n/);
    expect(first.stdout).toMatch(/ {2}Verified +2 files, 10 B, by digest/);
    expect(readFileSync(place.path('dst/photos/b.jpg'), 'utf8')).toBe('picture');
    const second = clone();
    expect(second.status).toBe(0);
    expect(second.stdout).toContain(': nothing had changed.\n');
  });

  test('puts what it replaces and deletes into the safety net, and says where', () => {
    clone();
    writeFileSync(place.path('src/a.txt'), 'another');
    rmSync(place.path('src/link'));
    const { status, stdout, stderr } = clone();
    expect(status).toBe(0);
    const folder = /in (\S+\/dst\/\.holdfast\/archive\/\S+)/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain('  Safety net  1 replaced, 1 deleted\n');
    expect(readFileSync(`${folder}/a.txt`, 'utf8')).toBe('one');
    expect(stderr).toContain(`holdfast restore ${place.path('dst')} TARGET --at latest~1 --path PATH`);
  });

  test('a dry run shows the plan with reasons, exits as the run would, and writes nothing', () => {
    const absent = clone('-n');
    expect(absent.stdout).toMatch(/would\n {2}copy \d items, 10 B\n/);
    expect(absent).toMatchObject({ status: 0, stderr: '\nThis was a dry run: nothing was changed.\n' });
    expect(existsSync(place.path('dst'))).toBe(false);
    clone();
    writeFileSync(place.path('src/a.txt'), 'longer than before');
    rmSync(place.path('src/photos/b.jpg'));
    const { stdout } = clone('--dry-run');
    expect(stdout).toContain('  replace 1 item, 18 B (another size); the old ones go into the safety net\n');
    expect(stdout).toContain('  put 1 item that the source no longer has into the safety net, 7 B\n');
    expect(readFileSync(place.path('dst/a.txt'), 'utf8')).toBe('one');
    const plans = clone('-n', '--json').lines.filter(({ type }) => type === 'plan');
    expect(plans).toContainEqual(expect.objectContaining({ op: 'store', path: 'a.txt', reason: 'size', bytes: 18 }));
    expect(plans).toContainEqual(
      expect.objectContaining({ op: 'retire', path: 'photos/b.jpg', reason: 'not in source', bytes: 7 }),
    );
  });

  test('--json: every line has type and time, every count adds up, the summary is last', () => {
    writeFileSync(Buffer.concat([Buffer.from(place.path('src/')), Buffer.from([0x66, 0xff])]), 'x');
    const { status, lines, stderr } = clone('--json', '--exclude', 'link');
    expect([status, stderr]).toEqual([0, '']);
    for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
    const item = lines.find(({ type, pathBase64 }) => type === 'item' && pathBase64 !== undefined);
    expect(item).toMatchObject({ op: 'store', path: 'f\ufffd', pathBase64: 'Zv8=', bytes: 1 });
    const { counts, ...rest } = summaryOf(lines);
    const { stored, kept, metadata, renamed, skipped, failed, excluded } = counts as Record<string, number>;
    expect([stored, kept, metadata, renamed, skipped, failed].reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBe(5);
    expect(excluded).toBe(1);
    expect(rest).toMatchObject({
      status: 'ok',
      bytes: { stored: 11 },
      verified: { files: 3, bytes: 11 },
      snapshotId: expect.any(String) as string,
    });
  });

  test('keeps the order of --include and --exclude', () => {
    writeFileSync(place.path('src/keep.tmp'), '');
    writeFileSync(place.path('src/drop.tmp'), '');
    clone('--exclude', '*.tmp', '--include', 'keep.tmp');
    expect([existsSync(place.path('dst/keep.tmp')), existsSync(place.path('dst/drop.tmp'))]).toEqual([true, false]);
    place.run(['clone', '--include', 'keep.tmp', '--exclude', '*.tmp', '@/src', '@/other']);
    expect(existsSync(place.path('other/keep.tmp'))).toBe(false);
  });

  test('--verify takes nothing that stands after it', () => {
    expect(place.run(['clone', '--verify', '@/src', '@/dst']).status).toBe(0);
  });

  test('-v lists every item, -q prints nothing', () => {
    expect(clone('-v').stdout).toMatch(/^copied +photos\/b\.jpg {2}7 B$/m);
    writeFileSync(place.path('src/a.txt'), 'x');
    expect(clone('-q')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('never prints a control character of a name, nor any other without a terminal', () => {
    writeFileSync(place.path('src/\u001b]0;title\u0007\n'), 'x');
    const { stdout, stderr } = clone('-v');
    expect(stdout).toContain('\\x1b]0;title\\x07\\n');
    expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(clone('-n', '--checksum').stdout).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test('colours follow FORCE_COLOR and NO_COLOR', () => {
    expect(place.run(['clone', '@/src', '@/d1'], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[');
    expect(place.run(['clone', '@/src', '@/d2'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain('\u001b[');
  });
});

describe('exit codes of clone', () => {
  test.skipIf(process.getuid?.() !== 0)('1: some items failed, and each is named', () => {
    writeFileSync(place.path('src/secret'), 'x');
    chmodSync(place.path('src/secret'), 0o000);
    chmodSync(place.folder, 0o777);
    const { status, stdout, stderr } = place.run(['clone', '@/src', '@/dst'], { userId: 65534 });
    expect(status).toBe(1);
    expect(stdout).toContain(', except for 1 item.\n');
    expect(stderr).toMatch(/What went wrong:\n {2}access is denied: 1 item\n {4}secret\n/);
    const { lines } = place.run(['clone', '--json', '@/src', '@/dst'], { userId: 65534 });
    expect(lines).toContainEqual(
      expect.objectContaining({
        type: 'item',
        path: 'secret',
        error: expect.objectContaining({ code: 'access-denied' }) as unknown,
      }),
    );
    expect(summaryOf(lines)).toMatchObject({ status: 'partial', exitCode: 1 });
  });

  test('2: a source that never was, and wrong usage', () => {
    expect(place.run(['clone', '@/none', '@/dst'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('[source-missing]') as string,
    });
    expect(place.run(['clone', '@/src'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('DESTINATION is missing') as string,
    });
    expect(place.run(['clone', '@/src', '@/a', '@/b']).stderr).toContain('one source and one destination');
    expect(place.run(['clone', 'sftp://me:hunter2@host/x', '@/dst'])).toMatchObject({
      status: 2,
      stderr: expect.not.stringContaining('hunter2') as string,
    });
  });

  test.skipIf(process.getuid?.() !== 0)('3: the destination does not let us write', () => {
    mkdirSync(place.path('dst'), { mode: 0o755 });
    chmodSync(place.folder, 0o777);
    expect(place.run(['clone', '@/src', '@/dst'], { userId: 65534 })).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('[destination-denied]') as string,
    });
  });

  test.skipIf(process.getuid?.() !== 0)('4: there is too little room', () => {
    mkdirSync(place.path('small'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place.path('small')]);
    try {
      writeFileSync(place.path('src/large'), randomBytes(3 << 20));
      expect(place.run(['clone', '@/src', '@/small/dst'])).toMatchObject({
        status: 4,
        stderr: expect.stringContaining('[no-space]') as string,
      });
      const { status, lines } = place.run(['clone', '--json', '--allow-low-space', '@/src', '@/small/dst']);
      expect(status).toBe(4);
      expect(lines.at(-2)).toMatchObject({ type: 'error', code: 'destination-full' });
      expect(summaryOf(lines)).toMatchObject({ status: 'failed', exitCode: 4 });
    } finally {
      execFileSync('umount', [place.path('small')]);
    }
  });

  test('6: another run uses the destination', async () => {
    clone();
    const holder = spawn('flock', [place.path('dst/.holdfast/lock'), 'sh', '-c', 'echo held; read -r _'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const over = new Promise((resolve) => holder.once('close', resolve));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const { status, stderr } = clone();
    holder.stdin.end('\n');
    await over;
    expect(status).toBe(6);
    expect(stderr).toContain('[locked]');
    expect(clone().status).toBe(0);
  });

  test('7: the source is empty but was not before; its override goes on', () => {
    clone();
    rmSync(place.path('src'), { recursive: true });
    mkdirSync(place.path('src'));
    const refused = clone('--json');
    expect(refused.status).toBe(7);
    expect(summaryOf(refused.lines)).toMatchObject({ status: 'refused', exitCode: 7 });
    expect(refused.lines.at(-2)).toMatchObject({
      type: 'error',
      code: 'source-empty',
      hint: expect.stringContaining('--allow-empty-source') as string,
    });
    expect(existsSync(place.path('dst/a.txt'))).toBe(true);
    expect(clone('--allow-empty-source').status).toBe(0);
    expect(existsSync(place.path('dst/a.txt'))).toBe(false);
  });

  test('7: too many deletions', () => {
    for (let index = 0; index < 10; index++) writeFileSync(place.path(`src/f${index}`), '');
    clone();
    for (let index = 0; index < 10; index++) rmSync(place.path(`src/f${index}`));
    const { status, stderr } = clone();
    expect(status).toBe(7);
    expect(stderr).toContain('[too-many-deletions]');
    expect(clone('--max-delete', '10').status).toBe(0);
  });

  test('a file that only looks the same is found by --checksum', () => {
    const time = new Date('2026-01-01T00:00:00Z');
    utimesSync(place.path('src/a.txt'), time, time);
    clone();
    writeFileSync(place.path('dst/a.txt'), 'two');
    utimesSync(place.path('dst/a.txt'), time, time);
    expect(clone('--checksum').status).toBe(0);
    expect(readFileSync(place.path('dst/a.txt'), 'utf8')).toBe('one');
  });
});
