import type { EntryBlock } from '../contracts/entry-block.ts';
import type { Entry } from '../contracts/entry.ts';
import type { EntryBatch } from '../contracts/source.ts';
import { baseName, encodeText } from '../paths/rel-path.ts';
import { packStat } from './pack-entry.ts';
import { STAT_BYTES } from './stat-record.ts';

/** The block of some entries in tree order. All of them must be on one device or have none. */
export function packEntries(entries: readonly Entry[]): EntryBlock {
  const stats = new Uint8Array(entries.length * STAT_BYTES);
  const view = new DataView(stats.buffer);
  const names: Buffer[] = [];
  const targets: Buffer[] = [];
  const devices = new BigUint64Array(entries.length);
  entries.forEach((entry, index) => {
    packStat(entry, view, index * STAT_BYTES);
    names.push(packName(entry));
    if (entry.kind === 'symlink') targets.push(withLength(encodeText(entry.target)));
    devices[index] = entry.identity?.dev ?? 0n;
  });
  const device = devices[0] ?? 0n;
  return {
    count: entries.length,
    names: Buffer.concat(names),
    stats,
    targets: Buffer.concat(targets),
    device,
    ...(devices.every((each) => each === device) ? {} : { devices }),
  };
}

/** A batch of a scan as a block. */
export function toEntryBlock(batch: EntryBatch): EntryBlock {
  return 'count' in batch ? batch : packEntries(batch);
}

function packName(entry: Entry): Buffer {
  const name = encodeText(baseName(entry.path));
  const depth = entry.path === '' ? 0 : entry.path.split('/').length;
  const header = Buffer.alloc(4);
  header.writeUInt16LE(depth, 0);
  header.writeUInt16LE(name.length, 2);
  return Buffer.concat([header, name]);
}

function withLength(bytes: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32LE(bytes.length);
  return Buffer.concat([header, bytes]);
}
