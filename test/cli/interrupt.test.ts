import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launcher, readLines, Workplace } from './run-holdfast.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const FOLDERS = 30;
const FILES = 150;
let place: Workplace;

beforeAll(() => {
  place = new Workplace();
  for (let folder = 0; folder < FOLDERS; folder++) {
    mkdirSync(place.path('src', `folder-${folder}`), { recursive: true });
    for (let file = 0; file < FILES; file++)
      writeFileSync(place.path('src', `folder-${folder}`, `${file}`), `${folder} ${file}`.repeat(500));
  }
});
afterAll(() => place[Symbol.dispose]());

interface Watched {
  readonly child: ChildProcess;
  readonly output: { text: string };
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>;
}

function watch(file: string, words: readonly string[]): Watched {
  const child = spawn(file, words, { cwd: place.folder, env: { ...place.env, TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output.text += data.toString()));
  const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  return { child, output, ended };
}

/** Runs the program on a terminal of its own, 80 columns wide; what is written to its input is typed there. */
function watchOnTerminal(words: readonly string[]): Watched {
  const command = ['stty', 'cols', '80', 'rows', '24', ';', launcher, ...words].join(' ');
  return watch('script', ['--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null']);
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 5) {
    if (condition()) return;
    await sleep(5);
  }
  throw new Error('It did not come to that.');
}

/** Every file of the clone is one of the source, whole. Answers how many there are. */
function expectWhole(destination: string): number {
  let count = 0;
  for (const folder of readdirSync(destination).filter((name) => name.startsWith('folder-'))) {
    for (const file of readdirSync(`${destination}/${folder}`).filter((name) => /^\d+$/.test(name))) {
      expect(readFileSync(`${destination}/${folder}/${file}`, 'utf8')).toBe(
        readFileSync(place.path('src', folder, file), 'utf8'),
      );
      count++;
    }
  }
  return count;
}

describe('Ctrl-C on a terminal', () => {
  test('once: ends in good order, says how to go on; the next run finishes', async () => {
    const { child, output, ended } = watchOnTerminal(['clone', place.path('src'), place.path('once')]);
    await until(() => output.text.includes('Copying'));
    child.stdin?.write('\u0003');
    expect(await ended).toMatchObject({ status: 130 });
    expect(output.text).toContain('Once more (Ctrl-C) stops at once.');
    expect(output.text).toContain('[interrupted]');
    expect(output.text).toContain('Run the same command again to go on where it stopped.');
    expect(expectWhole(place.path('once'))).toBeLessThan(FOLDERS * FILES);
    expect(place.run(['clone', '@/src', '@/once']).status).toBe(0);
    expect(expectWhole(place.path('once'))).toBe(FOLDERS * FILES);
  });

  test('twice: ends at once, still consistent', async () => {
    const { child, output, ended } = watchOnTerminal(['clone', place.path('src'), place.path('twice')]);
    await until(() => output.text.includes('Copying'));
    child.stdin?.write('\u0003\u0003');
    expect(await ended).toMatchObject({ status: 130 });
    if (existsSync(place.path('twice'))) expectWhole(place.path('twice'));
    expect(place.run(['clone', '@/src', '@/twice']).status).toBe(0);
    expect(expectWhole(place.path('twice'))).toBe(FOLDERS * FILES);
  });

  test('the live line stays within the width of the terminal and is gone at the end', async () => {
    const { output, ended } = watchOnTerminal(['clone', '--no-safety-net', place.path('src'), place.path('live')]);
    expect(await ended).toMatchObject({ status: 0 });
    const drawn = stripVTControlCharacters(output.text)
      .split(/[\r\n]/)
      .filter((line) => /^(Scanning|Copying|Verifying)/.test(line));
    expect(drawn.length).toBeGreaterThan(0);
    for (const line of drawn) expect(line.length).toBeLessThan(80);
    expect(stripVTControlCharacters(output.text)).toMatch(/\rCloned /);
    const story = output.text.slice(output.text.indexOf('Cloned '));
    expect(story).not.toMatch(/Copying|Scanning/);
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  test('ends with 130, the summary last', async () => {
    const { child, output, ended } = watch(launcher, ['clone', '--json', place.path('src'), place.path(signal)]);
    await until(() => output.text.includes('"phase":"transfer"'));
    child.kill(signal);
    expect(await ended).toEqual({ status: 130, signal: null });
    const lines = readLines(output.text.slice(output.text.indexOf('{')).replaceAll(/^Stopping.*\n/gm, ''));
    expect(lines.at(-1)).toMatchObject({ type: 'summary', status: 'interrupted', exitCode: 130 });
    expect(lines.at(-2)).toMatchObject({ type: 'error', code: 'interrupted' });
    expectWhole(place.path(signal));
  });
});

test('nohup: a hang-up does not end it', async () => {
  const { child, output, ended } = watch('nohup', [launcher, 'clone', '--json', place.path('src'), place.path('nohup')]);
  await until(() => output.text.includes('"phase":"transfer"'));
  child.kill('SIGHUP');
  expect(await ended).toEqual({ status: 0, signal: null });
  expect(expectWhole(place.path('nohup'))).toBe(FOLDERS * FILES);
});

test('an error of the program itself ends it with 70 and a clear message, its stack with -vv only', () => {
  writeFileSync(place.path('bomb.mjs'), `setTimeout(() => { throw new Error('boom'); }, 150);`);
  const env = { NODE_OPTIONS: `--import=${place.path('bomb.mjs')}` };
  const plain = place.run(['clone', '@/src', '@/bombed'], { env });
  expect(plain.status).toBe(70);
  expect(plain.stderr).toContain('error: boom [internal]');
  expect(plain.stderr).not.toContain('bomb.mjs');
  expect(place.run(['clone', '-vv', '@/src', '@/bombed'], { env }).stderr).toContain('bomb.mjs');
  const { status, lines } = place.run(['clone', '--json', '@/src', '@/bombed'], { env });
  expect(status).toBe(70);
  expect(lines.at(-1)).toMatchObject({ type: 'summary', status: 'failed', exitCode: 70 });
});

test('a run that waits for what never comes is an error too, and no silent end', () => {
  writeFileSync(
    place.path('stuck.mjs'),
    `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module'; fs.readFile = () => new Promise(() => {}); syncBuiltinESMExports();`,
  );
  const { status, lines } = place.run(['clone', '--json', '@/src', '@/stuck'], {
    env: { NODE_OPTIONS: `--import=${place.path('stuck.mjs')}` },
  });
  expect(status).toBe(70);
  expect(lines.map(({ type }) => type)).toEqual(['error', 'summary']);
  expect(lines.at(-1)).toMatchObject({ status: 'failed', exitCode: 70 });
});
