import type { Entry } from '../contracts/entry.ts';
import { kindCodes, StatField, StatFlag } from './stat-record.ts';

const NS_PER_SECOND = 1_000_000_000n;

/** Writes the record of `entry` at `offset`; the bytes there must be zero. */
export function packStat(entry: Entry, view: DataView, offset: number): void {
  const { metadata, identity } = entry;
  let flags = 0;
  view.setUint8(offset + StatField.kind, kindCodes.indexOf(entry.kind));
  if (metadata.mode !== undefined) {
    flags |= StatFlag.mode;
    view.setUint32(offset + StatField.mode, metadata.mode, true);
  }
  if (metadata.uid !== undefined && metadata.gid !== undefined) {
    flags |= StatFlag.owner;
    view.setUint32(offset + StatField.uid, metadata.uid, true);
    view.setUint32(offset + StatField.gid, metadata.gid, true);
  }
  if (metadata.mtimeNs !== undefined) {
    flags |= StatFlag.mtime;
    packTime(metadata.mtimeNs, view, offset + StatField.mtime);
  }
  if (identity !== undefined) {
    flags |= StatFlag.identity;
    view.setBigUint64(offset + StatField.ino, identity.ino, true);
    packTime(identity.ctimeNs, view, offset + StatField.ctime);
    view.setUint32(offset + StatField.nlink, entry.kind === 'directory' ? 0 : identity.nlink, true);
  }
  packKind(entry, view, offset);
  view.setUint8(offset + StatField.flags, flags);
}

function packKind(entry: Entry, view: DataView, offset: number): void {
  if (entry.kind === 'file' || entry.kind === 'image') view.setBigUint64(offset + StatField.size, entry.size, true);
  if (entry.kind === 'image') view.setUint32(offset + StatField.sectorSize, entry.sectorSize, true);
  if (entry.kind === 'char-device' || entry.kind === 'block-device') {
    view.setUint32(offset + StatField.rdev, Number(entry.device >> 32n), true);
    view.setUint32(offset + StatField.rdev + 4, Number(entry.device & 0xffffffffn), true);
  }
}

function packTime(ns: bigint, view: DataView, offset: number): void {
  const rest = ((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  view.setBigInt64(offset, (ns - rest) / NS_PER_SECOND, true);
  view.setUint32(offset + 8, Number(rest), true);
}
