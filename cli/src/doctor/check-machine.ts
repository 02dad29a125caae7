import { release, type } from 'node:os';
import { geteuid, versions } from 'node:process';
import type { Finding } from '@holdfast/core';

/** Node.js 24.11 is the first that this program is made for. */
const NEEDED = [24, 11] as const;

/** What the program runs on, and as whom. */
export function checkMachine(): Finding[] {
  return [checkNode(versions.node), checkSystem(type(), release()), checkUser(geteuid?.())];
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  if (isNewEnough) return { check: 'machine.node', status: 'ok', message: `Node.js ${version}.` };
  return {
    check: 'machine.node',
    status: 'fail',
    message: `Node.js ${version} is too old.`,
    advice: `Install Node.js ${NEEDED.join('.')} or newer.`,
  };
}

export function checkSystem(system: string, version: string): Finding {
  if (system === 'Linux') return { check: 'machine.system', status: 'ok', message: `Linux ${version}.` };
  return {
    check: 'machine.system',
    status: 'warn',
    message: `${system} ${version} is not tested.`,
    advice: 'Local disks need Linux for now.',
  };
}

export function checkUser(userId: number | undefined): Finding {
  if (userId === 0) return { check: 'machine.user', status: 'ok', message: 'Runs as root: everything can be read and kept.' };
  return {
    check: 'machine.user',
    status: 'warn',
    message:
      'Does not run as root: files of other users may not be readable, and their owners, device files and protected attributes are not kept.',
    advice: 'Run as root to copy a whole system; for your own files this is fine.',
  };
}
