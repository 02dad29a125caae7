import type { Entry, EntryBase, EntryIdentity, EntryMetadata } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { kindCodes, StatField, StatFlag } from './stat-record.ts';

/** The entry of a record. `target` is a symbolic link's. Throws `state-damaged` for a record of no known kind. */
export function unpackEntry(path: RelPath, stats: Uint8Array, offset: number, dev: bigint, target: string): Entry {
  const view = new DataView(stats.buffer, stats.byteOffset + offset);
  const kind = kindCodes[view.getUint8(StatField.kind)];
  const metadata = unpackMetadata(view);
  const identity = unpackIdentity(view, dev);
  const base: EntryBase = identity === undefined ? { path, metadata } : { path, metadata, identity };
  switch (kind) {
    case 'file': {
      const size = view.getBigUint64(StatField.size, true);
      // Written out: most entries are files, and spreading takes far longer.
      return identity === undefined ? { path, metadata, kind, size } : { path, metadata, identity, kind, size };
    }
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
  const metadata: { -readonly [Name in keyof EntryMetadata]: EntryMetadata[Name] } = {};
  if ((flags & StatFlag.mode) !== 0) metadata.mode = view.getUint32(StatField.mode, true);
  if ((flags & StatFlag.owner) !== 0) {
    metadata.uid = view.getUint32(StatField.uid, true);
    metadata.gid = view.getUint32(StatField.gid, true);
  }
  if ((flags & StatFlag.mtime) !== 0) metadata.mtimeNs = unpackTime(view, StatField.mtime);
  return metadata;
}

function unpackIdentity(view: DataView, dev: bigint): EntryIdentity | undefined {
  if ((view.getUint8(StatField.flags) & StatFlag.identity) === 0) return undefined;
  return {
    dev,
    ino: view.getBigUint64(StatField.ino, true),
    nlink: view.getUint32(StatField.nlink, true),
    ctimeNs: unpackTime(view, StatField.ctime),
  };
}
