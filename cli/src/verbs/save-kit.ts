import { writeFile } from 'node:fs/promises';
import { HoldfastError, type RecoveryKit } from '@holdfast/core';
import { recoveryPage } from '../output/recovery-page.ts';
import type { Reporter } from '../output/reporter.ts';

/** Writes the page of a recovery kit to a file that does not exist yet. Throws `usage`. */
export async function saveKit(kit: RecoveryKit, path: string, reporter: Reporter): Promise<void> {
  try {
    await writeFile(path, recoveryPage(kit), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new HoldfastError('usage', `The recovery kit cannot be saved in ${path}: ${(cause as Error).message}`, {
      hint: 'Name a file that does not exist yet.',
      cause,
    });
  }
  reporter.note(`The recovery kit is in ${path}. Print it, or keep it apart from the backup.`);
}
