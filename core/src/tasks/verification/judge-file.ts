import type { BatchResult } from '../../contracts/batch.ts';
import type { Digest } from '../../contracts/call-options.ts';
import { sameChangeTime, sameInode, sameKind, sameModificationTime, sameSize } from '../../entries/stat-reader.ts';
import { KIND_FILE } from '../../entries/stat-record.ts';
import { equalDigests } from '../../verification/digest.ts';

/**
 * What a look at an entry of a mirror came to. `damaged`: its times say that nobody wrote to it, and yet its bytes are others, or
 * they cannot be read. `changed`: somebody wrote to it. `unproved`: nothing was recorded to prove its bytes by.
 */
export type Verdict = 'intact' | 'changed' | 'damaged' | 'missing' | 'unproved';

/** What was recorded of the entry: what the last run left at the destination, and the digest of its bytes. */
export interface Recorded {
  readonly destination: Uint8Array;
  readonly digest: Digest | undefined;
}

export function judgeEntry(recorded: Recorded, result: BatchResult): Verdict {
  if (result.error !== undefined) return result.error.code === 'not-found' ? 'missing' : 'damaged';
  const { stat } = result;
  if (stat === undefined) return 'damaged';
  const known = recorded.destination.some((byte) => byte !== 0);
  const untouched = known && sameInode(stat, recorded.destination) && sameChangeTime(stat, recorded.destination);
  if (known && !sameKind(stat, recorded.destination)) return 'changed';
  if (stat[0] !== KIND_FILE) return 'intact';
  const { digest } = recorded;
  if (digest === undefined || result.digest === undefined) return judgeBySize(recorded.destination, stat, known);
  if (equalDigests(digest, result.digest)) return 'intact';
  const written = known && (!sameModificationTime(stat, recorded.destination) || !untouched);
  return written ? 'changed' : 'damaged';
}

function judgeBySize(recorded: Uint8Array, stat: Uint8Array, known: boolean): Verdict {
  if (!known) return 'unproved';
  return sameSize(recorded, stat) && sameModificationTime(recorded, stat) ? 'unproved' : 'changed';
}
