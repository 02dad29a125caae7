import { statx, STATX_BASIC_STATS, STATX_NO_FOLLOW } from '../syscalls/stat.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';

const TEMPORARY_PREFIX = Buffer.from('.holdfast-tmp-');
/** What the name of a snapshot begins with: it is temporary too. */
export const SNAPSHOT_PREFIX = '.holdfast-tmp-snapshot-';
const SNAPSHOT_PREFIX_BYTES = Buffer.from(SNAPSHOT_PREFIX);
const STATE_DIRECTORY = Buffer.from('.holdfast\0');
const MIRROR_RECORD = Buffer.from('.holdfast/mirror.json\0');

/** Whether the name is one that runs give to what is not finished yet. */
export function isTemporaryName(bytes: Uint8Array, offset: number): boolean {
  return startsWith(bytes, offset, TEMPORARY_PREFIX);
}

/** Whether a temporary name is that of a snapshot, which its own run removes. */
export function isSnapshotName(bytes: Uint8Array, offset: number): boolean {
  return startsWith(bytes, offset, SNAPSHOT_PREFIX_BYTES);
}

/** Whether the name is that of the directory in which a mirror keeps its state. */
export function isStateName(bytes: Uint8Array, offset: number): boolean {
  return startsWith(bytes, offset, STATE_DIRECTORY);
}

/** Whether the `.holdfast` of an open directory is a mirror's. Spoils `record`. */
export function holdsMirrorRecord(directoryFd: number, record: StatxRecord): boolean {
  return statx(directoryFd, MIRROR_RECORD, STATX_NO_FOLLOW, STATX_BASIC_STATS, record.address) === 0;
}

function startsWith(bytes: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[offset + index] !== wanted[index]) return false;
  }
  return true;
}
