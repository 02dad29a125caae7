import { readFile, realpath } from 'node:fs/promises';

const FOLDER = '/zoneinfo/';

/**
 * The name of this machine's time zone, whatever the environment of this process says: directories are the same then from every shell.
 * It is what restic uses where TZ is not set. UTC where the machine has none.
 */
export async function machineZone(): Promise<string> {
  const file = await realpath('/etc/localtime').catch(() => '');
  const at = file.lastIndexOf(FOLDER);
  const name = at >= 0 ? file.slice(at + FOLDER.length) : (await readFile('/etc/timezone', 'utf8').catch(() => '')).trim();
  return isZone(name) ? name : 'UTC';
}

function isZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
