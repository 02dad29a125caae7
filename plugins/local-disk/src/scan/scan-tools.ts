import { StatxRecord } from '../syscalls/statx-record.ts';
import type { BlockPacker } from './block-packer.ts';
import { DirectoryLister } from './directory-lister.ts';
import { EntryProbe } from './entry-probe.ts';
import { NameStack } from './name-stack.ts';
import { PathBytes } from './path-bytes.ts';

/** The memory of a thread's scans, used by one task after the other. */
export interface ScanTools {
  readonly packer: BlockPacker;
  readonly names: NameStack;
  readonly lister: DirectoryLister;
  readonly probe: EntryProbe;
  readonly path: PathBytes;
  /** For looks at something else than the entry of the probe. */
  readonly other: StatxRecord;
}

export function makeScanTools(packer: BlockPacker): ScanTools {
  const names = new NameStack();
  return {
    packer,
    names,
    lister: new DirectoryLister(),
    probe: new EntryProbe(),
    path: new PathBytes(),
    other: new StatxRecord(),
  };
}
