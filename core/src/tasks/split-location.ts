import { lstat } from 'node:fs/promises';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { splitSnapshot } from '../locations/split-snapshot.ts';

/** `LOCATION[@SNAPSHOT]` taken apart, with the `--at` beside it. Throws `usage` when a version is given twice. */
export async function splitLocation(
  written: string,
  at: string | undefined,
): Promise<{ readonly location: string; readonly at: string | undefined }> {
  if (at !== undefined) return { location: written, at };
  const { location, snapshot } = await splitSnapshot(written, exists);
  if (snapshot !== undefined && location === '')
    throw new HoldfastError('usage', `"${written}" names no location before the "@".`);
  return { location, at: snapshot };
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
