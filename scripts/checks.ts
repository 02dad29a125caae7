import { spawn } from 'node:child_process';

export interface Check {
  readonly name: string;
  /** What it looks at, in a few words. */
  readonly about: string;
  /** Program in node_modules/.bin (or `node`) and its arguments. */
  readonly command: readonly [string, ...string[]];
}

export interface CheckResult {
  readonly check: Check;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Every check of the sources, the slowest first. `npm run check` runs them; `npm run check:rules` shows that each can fail. */
export const checks: readonly Check[] = [
  { name: 'lint', about: 'eslint with types', command: ['eslint', '.', '--max-warnings=0'] },
  { name: 'types', about: 'tsc at its strictest', command: ['tsc', '--noEmit', '--pretty', 'false', '-p', 'tsconfig.json'] },
  {
    name: 'imports',
    about: 'who may import whom',
    command: ['depcruise', '--output-type', 'err-long', 'core', 'plugins', 'cli', 'test', 'scripts'],
  },
  {
    name: 'unused',
    about: 'files, exports and dependencies nobody uses',
    command: ['knip', '--no-progress', '--no-config-hints'],
  },
  { name: 'format', about: 'biome format', command: ['biome', 'format', '--reporter=summary', '--colors=off', '.'] },
  { name: 'sources', about: 'file sizes, file names, house words', command: ['node', 'scripts/check-sources.ts'] },
];

/** Runs one check in `folder` and keeps what it printed; a check passes when its program exits with 0. */
export function runCheck(check: Check, folder: string): Promise<CheckResult> {
  const started = performance.now();
  const [program, ...parameters] = check.command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', PATH: `${folder}/node_modules/.bin:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ check, passed: code === 0, output: Buffer.concat(chunks).toString('utf8'), seconds });
    });
  });
}

/** Runs `jobs` with at most `limit` at the same time; results in the order of the jobs. */
export async function runLimited<T>(jobs: readonly (() => Promise<T>)[], limit: number): Promise<T[]> {
  const results: T[] = [];
  const queue = jobs.entries();
  const work = async (): Promise<void> => {
    for (const [index, job] of queue) results[index] = await job();
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
