import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const launcher = join(import.meta.dirname, '../../cli/bin/holdfast');

export type JsonLine = Readonly<Record<string, unknown>> & { readonly type: string; readonly time: string };

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output, each read as JSON. */
  readonly lines: readonly JsonLine[];
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Run as this user and group. */
  readonly userId?: number;
}

/** A folder of its own, where the program runs with a home and settings of its own. */
export class Workplace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  readonly env: Readonly<Record<string, string>> = {
    PATH: process.env['PATH'] ?? '',
    HOME: this.folder,
    XDG_CONFIG_HOME: join(this.folder, 'config'),
    XDG_STATE_HOME: join(this.folder, 'state'),
    // Compiled once for all tests.
    NODE_COMPILE_CACHE: join(tmpdir(), `holdfast-cli-cache-${process.getuid?.()}`),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Runs the program to its end; words that begin with `@/` are paths in this folder. */
  run(words: readonly string[], { env = {}, cwd = this.folder, userId }: RunOptions = {}): Run {
    const { status, stdout, stderr } = spawnSync(launcher, this.resolve(words), {
      cwd,
      env: { ...this.env, ...env },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    });
    return {
      status,
      stdout,
      stderr,
      get lines() {
        return readLines(stdout);
      },
    };
  }

  resolve(words: readonly string[]): string[] {
    return words.map((word) =>
      word.replace(/^(--[a-z-]+=)?@(?=\/|$)/, (_, option: string | undefined) => `${option ?? ''}${this.folder}`),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function readLines(text: string): JsonLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonLine);
}
