import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../../../../environment/process-environment.ts';

const folder = readEnvironment('HOLDFAST_FIXTURES');

/** What others' programs wrote lies in the folder that HOLDFAST_FIXTURES names. Undefined where it does not: tests of it are skipped. */
export const fixtures = folder !== undefined && existsSync(folder) ? folder : undefined;
export const withoutFixtures = fixtures === undefined ? ' (skipped: HOLDFAST_FIXTURES names no folder)' : '';

/** The path of a fixture. */
export function fixture(...path: readonly string[]): string {
  return join(fixtures ?? '', ...path);
}

/** Unpacks an archive into `target`. */
export function unpack(archive: string, target: string): void {
  execFileSync('tar', ['-xzf', archive, '-C', target]);
}
