import { KIND_FILE, STAT_BYTES, StatField, StatFlag } from '../../../../entries/stat-record.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';

/** What tells one version of a file from another. */
export interface Fingerprint {
  /** Size and modification time of what the run left at the destination or, where that is not recorded, of the source's entry. */
  readonly copy: string;
  /** Size, times and inode of the source's entry: while these are the same, so are its bytes. Empty where the source has no inodes. */
  readonly source: string;
}

/** The fingerprint of a row that is a file. */
export function fingerprintOf(block: ManifestBlock, index: number): Fingerprint {
  const start = index * STAT_BYTES;
  const source = recordAt(block.stats, start);
  const destination = recordAt(block.destinationStats, start);
  const copy = destination[StatField.kind] === KIND_FILE ? destination : source;
  const hasInode = ((source[StatField.flags] ?? 0) & StatFlag.identity) !== 0;
  return {
    copy: copy.toString('latin1', StatField.size, StatField.mtime + 12),
    source: hasInode ? source.toString('latin1', StatField.size, StatField.ino + 8) : '',
  };
}

function recordAt(records: Uint8Array, start: number): Buffer {
  return Buffer.from(records.buffer, records.byteOffset + start, STAT_BYTES);
}
