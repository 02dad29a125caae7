import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../environment/random.ts';
import type { ProgramFolders } from '../tasks/tokens.ts';
import { formatSize } from '../values/format-values.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Plans of large runs are spilled to the scratch folder. */
const SCRATCH_BYTES = 1n << 30n;

/** Whether this machine can remember, and has room for what does not fit into memory. */
export async function checkFolders({ state, scratch }: ProgramFolders, random: Random): Promise<Finding[]> {
  const token = random.hex(4);
  return [
    await attempt(
      'folders.state',
      `State is kept in ${state}.`,
      state,
      token,
      'Without it a destination whose disk is not mounted may go unnoticed. Check its permissions, or set XDG_STATE_HOME.',
    ),
    await checkScratch(scratch, token),
  ];
}

async function checkScratch(scratch: string, token: string): Promise<Finding> {
  const advice = 'Large runs need it. Set TMPDIR to a folder on a disk with room.';
  const finding = await attempt('folders.scratch', `Temporary files go to ${scratch}.`, scratch, token, advice);
  if (finding.status !== 'ok') return finding;
  const { bavail, bsize } = await statfs(scratch, { bigint: true });
  const free = bavail * bsize;
  if (free < SCRATCH_BYTES)
    return warn('folders.scratch', `Only ${formatSize(free)} are free for temporary files in ${scratch}.`, advice);
  return ok('folders.scratch', `Temporary files go to ${scratch}, where ${formatSize(free)} are free.`);
}

async function attempt(check: string, good: string, folder: string, token: string, advice: string): Promise<Finding> {
  const path = join(folder, `holdfast-doctor-${token}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, token, { flag: 'wx', mode: 0o600 });
    return ok(check, good);
  } catch (error) {
    return warn(check, `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}.`, advice);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}
