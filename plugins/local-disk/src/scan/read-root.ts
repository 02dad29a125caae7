import { type EntryBlock, HoldfastError } from '@holdfast/core/plugin';
import { errno, SystemCallError } from '../syscalls/errno.ts';
import { STATX_BASIC_STATS, statxFd } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { BlockPacker } from './block-packer.ts';
import { identityOf } from './directory-identity.ts';
import type { Hole } from './scan-protocol.ts';

/** The root of a scan: its entry, and what is in it as a hole. */
export interface ScanRoot {
  readonly block: EntryBlock;
  readonly hole: Hole;
}

const NO_NAME = new Uint8Array(1);

/** Looks at the open root of a scan. Throws `read-failed`. */
export function readRoot(fd: number): ScanRoot {
  const record = new StatxRecord();
  if (statxFd(fd, STATX_BASIC_STATS, record) < 0) {
    const { message } = new SystemCallError('statx', errno());
    throw new HoldfastError('read-failed', `The root of the tree cannot be read: ${message}`);
  }
  const packer = new BlockPacker(1);
  packer.add(record, 0, NO_NAME, 0);
  const block = packer.finish();
  if (block === undefined) throw new HoldfastError('internal', 'The root of a scan was not packed.');
  const identity = identityOf(record);
  return { block, hole: { directory: { path: new Uint8Array(0), depth: 0, identity }, nameCount: 0, directoryCount: 1 } };
}
