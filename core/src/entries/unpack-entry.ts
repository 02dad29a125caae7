import type { Entry, EntryBase, EntryIdentity, EntryMetadata } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { kindCodes, StatField, StatFlag } from './stat-record.ts';

/** The entry of a record. `target` is a symbolic link's. Throws `state-damaged` for a record of no known kind. */
export function unpackEntry(path: RelPath, stats: Uint8Array, offset: number, dev: bigint, target: string): Entry {
  const view = new DataView(stats.buffer, stats.byteOffset + offset);
  const kind = kindCodes[view.getUint8(StatField.kind)];
  const base: EntryBase = { path, metadata: unpackMetadata(view), ...unpackIdentity(view, dev) };
  switch (kind) {
    case 'file':
      return { ...base, kind, size: view.getBigUint64(StatField.size, true) };
    case 'image':
      return {
        ...base,
        kind,
        size: view.getBigUint64(StatField.size, true),
        sectorSize: view.getUint32(StatField.sectorSize, true),
      };
    case 'symlink':
      return { ...base, kind, target };
    case 'char-device':
    case 'block-device':
      return {
        ...base,
        kind,
        device: (BigInt(view.getUint32(StatField.rdev, true)) << 32n) | BigInt(view.getUint32(StatField.rdev + 4, true)),
      };
    case 'directory':
    case 'fifo':
    case 'socket':
      return { ...base, kind };
    case undefined:
      throw new HoldfastError('state-damaged', `The record of "${path}" has no known kind.`);
    default:
      return kind satisfies never;
  }
}

/** Nanoseconds of the time at `offset`. */
function unpackTime(view: DataView, offset: number): bigint {
  return view.getBigInt64(offset, true) * 1_000_000_000n + BigInt(view.getUint32(offset + 8, true));
}

function unpackMetadata(view: DataView): EntryMetadata {
  const flags = view.getUint8(StatField.flags);
  return {
    ...(flags & StatFlag.mode ? { mode: view.getUint32(StatField.mode, true) } : {}),
    ...(flags & StatFlag.owner ? { uid: view.getUint32(StatField.uid, true), gid: view.getUint32(StatField.gid, true) } : {}),
    ...(flags & StatFlag.mtime ? { mtimeNs: unpackTime(view, StatField.mtime) } : {}),
  };
}

function unpackIdentity(view: DataView, dev: bigint): { identity?: EntryIdentity } {
  if ((view.getUint8(StatField.flags) & StatFlag.identity) === 0) return {};
  const identity = {
    dev,
    ino: view.getBigUint64(StatField.ino, true),
    nlink: view.getUint32(StatField.nlink, true),
    ctimeNs: unpackTime(view, StatField.ctime),
  };
  return { identity };
}
