import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Whether the real restic is there: tests with it are skipped where it is not. */
export const hasRestic = spawnSync('restic', ['version']).status === 0;

const environment = (repository: string, password: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  RESTIC_REPOSITORY: repository,
  RESTIC_PASSWORD: password,
  TZ: 'UTC',
});

export interface ResticRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real restic to its end. */
export function restic(repository: string, password: string, words: readonly string[]): ResticRun {
  return spawnSync('restic', ['--no-cache', ...words], { env: environment(repository, password), encoding: 'utf8' });
}

/** Starts the real restic. */
export function startRestic(repository: string, password: string, words: readonly string[]): ChildProcess {
  return spawn('restic', ['--no-cache', ...words], {
    env: environment(repository, password),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
