import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SNAPSHOT_PREFIX } from '../scan/own-names.ts';

/** Who made a snapshot: what its name says. */
export interface SnapshotOwner {
  readonly bootId: string;
  readonly pid: number;
}

/** `.holdfast-tmp-snapshot-BOOT-PID-RANDOM`, BOOT being the boot id of Linux without hyphens. */
export function makeSnapshotName({ bootId, pid }: SnapshotOwner): string {
  return `${SNAPSHOT_PREFIX}${bootId}-${pid}-${randomBytes(6).toString('hex')}`;
}

/** Undefined for a name that is not of this form. */
export function readSnapshotName(name: string): SnapshotOwner | undefined {
  if (!name.startsWith(SNAPSHOT_PREFIX)) return undefined;
  const [, bootId, pid] = /^([0-9a-f]{32})-([0-9]+)-[0-9a-f]{12}$/.exec(name.slice(SNAPSHOT_PREFIX.length)) ?? [];
  return bootId === undefined ? undefined : { bootId, pid: Number(pid) };
}

/** What this process writes into the names of its snapshots. */
export function thisOwner(): SnapshotOwner {
  return { bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', ''), pid: process.pid };
}

/** Whether the process that made a snapshot may still run. */
export function mayRun({ bootId, pid }: SnapshotOwner): boolean {
  if (bootId !== thisOwner().bootId) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
