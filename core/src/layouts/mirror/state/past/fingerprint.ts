import { KIND_FILE, STAT_BYTES, StatField } from '../../../../entries/stat-record.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';

/** Size and modification time of a file at the destination: what tells one version of a path from another. */
export type Fingerprint = string & { readonly __brand: 'Fingerprint' };

/** The fingerprint of a row: of what the run left at the destination or, where that is not recorded, of the source's entry. */
export function fingerprintOf(block: ManifestBlock, index: number): Fingerprint {
  const start = index * STAT_BYTES;
  const records = block.destinationStats[start] === KIND_FILE ? block.destinationStats : block.stats;
  const bytes = Buffer.from(records.buffer, records.byteOffset + start, STAT_BYTES);
  return bytes.toString('latin1', StatField.size, StatField.mtime + 12) as Fingerprint;
}
