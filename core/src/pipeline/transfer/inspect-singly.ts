import type { BatchResult } from '../../contracts/batch.ts';
import type { Entry, EntryBase } from '../../contracts/entry.ts';
import type { ObjectInfo } from '../../contracts/destination.ts';
import { packStat } from '../../entries/pack-entry.ts';
import { STAT_BYTES } from '../../entries/stat-record.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { OperationOf } from './operation.ts';
import type { OperationContext } from './operation-context.ts';
import { digestOf } from '../../verification/digest.ts';

/** What is at a key now, by single calls. Rejects with `not-found`. */
export async function inspectSingly(
  operation: OperationOf<'inspect'>,
  context: OperationContext,
): Promise<Omit<BatchResult, 'id'>> {
  const { destination, batch } = context;
  const info = await destination.stat(operation.key, batch);
  if (info === undefined)
    throw new HoldfastError('not-found', `"${operation.key}" is not at ${destination.traits.displayName}.`, {
      path: operation.key,
    });
  const stat = statOf(info);
  if (operation.digest === undefined) return { stat };
  const digest = await digestOf(destination.read(operation.key, batch), operation.digest);
  return { stat, digest, readFrom: 'cache', bytesRead: info.size };
}

/** A record of what a destination says of an object: kind, size and time. */
function statOf(info: ObjectInfo): Uint8Array {
  const base: EntryBase = { path: info.key, metadata: info.mtimeNs === undefined ? {} : { mtimeNs: info.mtimeNs } };
  const stat = new Uint8Array(STAT_BYTES);
  packStat(entryOf(info, base), new DataView(stat.buffer), 0);
  return stat;
}

function entryOf(info: ObjectInfo, base: EntryBase): Entry {
  switch (info.kind) {
    case 'file':
      return { ...base, kind: 'file', size: info.size };
    case 'image':
      return { ...base, kind: 'image', size: info.size, sectorSize: 0 };
    case 'symlink':
      return { ...base, kind: 'symlink', target: '' };
    case 'char-device':
    case 'block-device':
      return { ...base, kind: info.kind, device: 0n };
    case 'directory':
    case 'fifo':
    case 'socket':
      return { ...base, kind: info.kind };
    default:
      return info.kind satisfies never;
  }
}
