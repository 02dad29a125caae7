import { StatField, StatFlag } from './stat-record.ts';

/** Whether two records agree in the bytes of a field. */
function sameBytes(a: Uint8Array, b: Uint8Array, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export const sameKind = (a: Uint8Array, b: Uint8Array): boolean => a[StatField.kind] === b[StatField.kind];
export const sameSize = (a: Uint8Array, b: Uint8Array): boolean => sameBytes(a, b, StatField.size, 8);
export const sameDeviceNumber = (a: Uint8Array, b: Uint8Array): boolean => sameBytes(a, b, StatField.rdev, 8);
export const sameInode = (a: Uint8Array, b: Uint8Array): boolean => sameBytes(a, b, StatField.ino, 8);
export const sameChangeTime = (a: Uint8Array, b: Uint8Array): boolean => sameBytes(a, b, StatField.ctime, 12);

/** Modification times equal to the resolution of the coarser side, in ns. A side that does not know its time equals none. */
export function sameModificationTime(a: Uint8Array, b: Uint8Array, resolutionNs = 1n): boolean {
  if (!knows(a, StatFlag.mtime) || !knows(b, StatFlag.mtime)) return false;
  if (sameBytes(a, b, StatField.mtime, 12)) return true;
  if (resolutionNs <= 1n) return false;
  const difference = readTimeNs(a, StatField.mtime) - readTimeNs(b, StatField.mtime);
  return difference < resolutionNs && -difference < resolutionNs;
}

/** Whether the time of modification is known. */
export function knowsModificationTime(stat: Uint8Array): boolean {
  return knows(stat, StatFlag.mtime);
}

/** Permissions, and with `owner` also uid and gid; what one side does not know is not compared. */
export function samePermissions(a: Uint8Array, b: Uint8Array, owner: boolean): boolean {
  const mode = !knows(a, StatFlag.mode) || !knows(b, StatFlag.mode) || sameBytes(a, b, StatField.mode, 4);
  const both = owner && knows(a, StatFlag.owner) && knows(b, StatFlag.owner);
  return mode && (!both || sameBytes(a, b, StatField.uid, 8));
}

export function knows(stat: Uint8Array, flag: number): boolean {
  return ((stat[StatField.flags] ?? 0) & flag) !== 0;
}

/** Names a source's inode for maps: device and inode number. */
export function inodeKey(stat: Uint8Array, device: bigint): string {
  return `${device}:${readIno(stat)}`;
}

export function readIno(stat: Uint8Array): bigint {
  return viewOf(stat).getBigUint64(StatField.ino, true);
}

export function readSize(stat: Uint8Array): bigint {
  return viewOf(stat).getBigUint64(StatField.size, true);
}

export function readNlink(stat: Uint8Array): number {
  return viewOf(stat).getUint32(StatField.nlink, true);
}

/** Nanoseconds since the epoch of the time field at `offset`. */
export function readTimeNs(stat: Uint8Array, offset: number): bigint {
  const view = viewOf(stat);
  return view.getBigInt64(offset, true) * 1_000_000_000n + BigInt(view.getUint32(offset + 8, true));
}

function viewOf(stat: Uint8Array): DataView {
  return new DataView(stat.buffer, stat.byteOffset, stat.byteLength);
}
