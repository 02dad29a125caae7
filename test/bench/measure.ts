import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of a command took, with all its threads and child processes. */
export interface Measure {
  readonly wallMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  /** Largest resident set of one process, in KiB (getrusage(2), `ru_maxrss`). */
  readonly peakKiB: number;
}

export type Command = readonly [program: string, ...words: string[]];

const usageFile = join(tmpdir(), `holdfast-bench-usage-${process.pid}`);

/** Runs a command under time(1). Throws when it fails, with what it printed. */
export function measure([program, ...words]: Command): Measure {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-o', usageFile, '-f', '%U %S %M', program, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const wallMs = performance.now() - startedMs;
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  const [user = 0, system = 0, peakKiB = 0] = readFileSync(usageFile, 'utf8').trim().split(' ').map(Number);
  return { wallMs, userMs: user * 1000, systemMs: system * 1000, peakKiB };
}

/** Each figure's median by itself. */
export function medianOf(measures: readonly Measure[]): Measure {
  const figure = (name: keyof Measure): number => median(measures.map((each) => each[name]));
  return { wallMs: figure('wallMs'), userMs: figure('userMs'), systemMs: figure('systemMs'), peakKiB: figure('peakKiB') };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** Lets nothing that an earlier run wrote be written out during the next one. */
export function settleDisks(): void {
  execFileSync('sync');
}

/** Reads every file below `path` once, so that it is in the page cache. */
export function warm(path: string): void {
  execFileSync('sh', ['-c', 'find "$0" -xdev -type f -exec cat {} + > /dev/null', path]);
}
