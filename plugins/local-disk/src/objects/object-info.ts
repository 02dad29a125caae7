import { kindCodes } from '@holdfast/core/plugin';
import type { EntryKind, ObjectInfo, RelPath } from '@holdfast/core/plugin';
import { kindOfMode } from '../scan/entry-kind.ts';
import type { StatxRecord } from '../syscalls/statx-record.ts';

/** What statx tells of an entry, as every destination tells it. */
export function objectInfo(key: RelPath, record: StatxRecord): ObjectInfo {
  const kind: EntryKind = kindCodes[kindOfMode(record.mode)] ?? 'file';
  return {
    key,
    kind,
    size: kind === 'file' ? BigInt(record.size) : 0n,
    mtimeNs: record.mtimeNs,
    // Every change moves ctime on; the inode tells two files apart that were written within one tick of a coarse clock.
    version: `${record.ino.toString(36)}-${record.ctimeNs.toString(36)}-${record.size.toString(36)}`,
  };
}
