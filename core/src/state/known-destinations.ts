import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What this machine remembers of a destination: enough to notice that its disk is not mounted. */
export interface KnownDestination {
  readonly destinationId: string;
  readonly fileSystemId: string;
}

type Known = Record<string, KnownDestination>;

/** The destination that was last used under this name; undefined when there was none or the memory is gone. */
export async function recallDestination(stateFolder: string, displayName: string): Promise<KnownDestination | undefined> {
  const known = await readKnown(stateFolder);
  return Object.hasOwn(known, displayName) ? known[displayName] : undefined;
}

/** Remembers a destination. A machine that cannot remember loses a warning, no data: failures are ignored. */
export async function rememberDestination(
  stateFolder: string,
  displayName: string,
  destination: KnownDestination,
  token: string,
): Promise<void> {
  try {
    const known = await readKnown(stateFolder);
    const before = known[displayName];
    if (before?.destinationId === destination.destinationId && before.fileSystemId === destination.fileSystemId) return;
    await mkdir(stateFolder, { recursive: true, mode: 0o700 });
    const path = pathIn(stateFolder);
    await writeFile(`${path}.${token}.tmp`, `${JSON.stringify({ ...known, [displayName]: destination }, undefined, 2)}\n`, {
      mode: 0o600,
    });
    await rename(`${path}.${token}.tmp`, path);
  } catch {
    // Nothing depends on it.
  }
}

async function readKnown(stateFolder: string): Promise<Known> {
  try {
    const value: unknown = JSON.parse(await readFile(pathIn(stateFolder), 'utf8'));
    return typeof value === 'object' && value !== null ? { ...(value as Known) } : {};
  } catch {
    return {};
  }
}

function pathIn(stateFolder: string): string {
  return join(stateFolder, 'destinations.json');
}
