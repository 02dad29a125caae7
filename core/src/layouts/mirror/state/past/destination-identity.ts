import type { EntryBlock } from '../../../../contracts/entry-block.ts';
import { STAT_BYTES, StatField, StatFlag } from '../../../../entries/stat-record.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { DeviceNumbers } from './device-numbers.ts';

/** Above the numbers of real devices: for entries whose inode at the destination is not known. */
const FIRST_UNKNOWN_DEVICE = 2n ** 63n;

/**
 * Makes the blocks of a scan from a version's rows. Where the mirror is on this machine entries get the identity (inode, ctime, number of
 * links) that they have there, so that they can be opened as local files; elsewhere that of the source, which tells hard links.
 */
export class VersionIdentity {
  readonly #device: bigint | undefined;
  readonly #sourceDevices = new DeviceNumbers();

  /** `device`: `st_dev` of the mirror's root, where it is on this machine. */
  constructor(device: bigint | undefined) {
    this.#device = device;
  }

  /** To be asked for every block of a version in order. */
  toEntryBlock(block: ManifestBlock): EntryBlock {
    const { count, names, targets } = block;
    const sourceDevices = this.#sourceDevices.of(block);
    const device = this.#device;
    if (device === undefined) {
      return {
        count,
        names,
        targets,
        stats: block.stats,
        device: 0n,
        ...(sourceDevices === undefined ? {} : { devices: sourceDevices }),
      };
    }
    const stats = new Uint8Array(block.stats);
    let devices: BigUint64Array | undefined;
    for (let index = 0; index < count; index++) {
      if (copyIdentity(block.destinationStats, stats, index * STAT_BYTES)) continue;
      devices ??= new BigUint64Array(count).fill(device);
      devices[index] = FIRST_UNKNOWN_DEVICE + (sourceDevices?.[index] ?? 0n);
    }
    return { count, names, targets, stats, device, ...(devices === undefined ? {} : { devices }) };
  }
}

/** False, and nothing is copied, where the destination's record is not known. */
function copyIdentity(from: Uint8Array, to: Uint8Array, offset: number): boolean {
  const flags = from[offset + StatField.flags] ?? 0;
  if (from[offset + StatField.kind] !== to[offset + StatField.kind] || (flags & StatFlag.identity) === 0) return false;
  to[offset + StatField.flags] = (to[offset + StatField.flags] ?? 0) | StatFlag.identity;
  for (let at = offset + StatField.ctime; at < offset + StatField.ctime + 24; at++) to[at] = from[at] ?? 0;
  for (let at = offset + StatField.nlink; at < offset + StatField.nlink + 4; at++) to[at] = from[at] ?? 0;
  return true;
}
