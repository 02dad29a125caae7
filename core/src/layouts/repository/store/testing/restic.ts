import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { readEnvironment } from '../../../../environment/process-environment.ts';
import { contentOf } from '../../../../testing/byte-content.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';

const path = readEnvironment('PATH') ?? '';

/** Whether the real restic is there: tests with it are skipped where it is not. */
export const hasRestic = spawnSync('restic', ['version']).status === 0;

export interface ResticRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real restic to its end. */
export function restic(repository: string, password: string, words: readonly string[], input = ''): ResticRun {
  const env = { PATH: path, HOME: '/nonexistent', RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password, TZ: 'UTC' };
  return spawnSync('restic', ['--no-cache', ...words], { env, input, encoding: 'utf8' });
}

/** A destination in memory with the files of a folder. */
export async function loadFolder(folder: string, destination = new MemoryDestination()): Promise<MemoryDestination> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    await destination.write(file.slice(folder.length + 1) as RelPath, contentOf(readFileSync(file)), {});
  }
  return destination;
}

/** The files of a destination in memory, in a folder. */
export async function saveFolder(destination: MemoryDestination, folder: string): Promise<void> {
  for await (const infos of destination.list('' as RelPath, {})) {
    for (const { key, kind } of infos) {
      const target = join(folder, key);
      mkdirSync(kind === 'directory' ? target : dirname(target), { recursive: true });
      if (kind === 'file') writeFileSync(target, Buffer.concat(await Array.fromAsync(destination.read(key, {}))));
    }
  }
}
