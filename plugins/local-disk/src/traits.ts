import type { DestinationTraits } from '@holdfast/core/plugin';
import { probeNames } from './probe-names.ts';
import { INODE_FLAG, getInodeFlags } from './syscalls/inode-flags.ts';
import { statFd } from './syscalls/stat.ts';
import { readFileSystemStatus } from './syscalls/statfs.ts';
import { StatxRecord, STATX_BTIME } from './syscalls/statx-record.ts';
import { readTreeFacts } from './tree-identity.ts';

/** No call takes a path longer than this at once, but paths are walked in pieces; this bounds the memory that one takes. */
const MAX_KEY_BYTES = 1 << 20;
/** Requests at once that keep the disk and both threads of a copy busy. */
const MAX_CONNECTIONS = 8;
const SECOND_NS = 1_000_000_000n;

/** Smallest step of times, by file system, where it is not 1 ns. Sources: Linux fs/*, `s_time_gran`. */
const timeSteps: Readonly<Record<string, bigint>> = {
  vfat: 2n * SECOND_NS,
  exfat: 10_000_000n,
  ntfs: 100n,
  ntfs3: 100n,
  cifs: 100n,
  smb2: 100n,
  hfsplus: SECOND_NS,
  udf: 1_000n,
};

/** Names differ in every byte, as far as the directory has not been told otherwise (chattr +F). */
const EXACT_NAMES = new Set([
  'ext4',
  'f2fs',
  'xfs',
  'btrfs',
  'tmpfs',
  'ramfs',
  'overlay',
  'bcachefs',
  'reiserfs',
  'jfs',
  'nilfs',
]);
const FOUR_GIB = 4n * 1024n ** 3n;

/** Facts about the file system below an open root. @throws SystemCallError */
export function readTraits(fd: number, path: string): DestinationTraits {
  const { name, longestName } = readFileSystemStatus(fd);
  const { identity } = readTreeFacts(fd);
  const flags = getInodeFlags(fd);
  const folds = flags > 0 && (flags & INODE_FLAG.CASEFOLD) !== 0;
  const names = folds || !EXACT_NAMES.has(name) ? probeNames(fd) : { caseSensitive: true, normalises: false };
  return {
    displayName: path,
    localRoot: path,
    atomicReplace: true,
    caseSensitive: names.caseSensitive,
    normalises: names.normalises,
    mtimeResolutionNs: timeStep(fd, name),
    maxKeyBytes: MAX_KEY_BYTES,
    maxSegmentBytes: longestName > 0 ? longestName : 255,
    forbiddenCharacters: '\0',
    maxConnections: MAX_CONNECTIONS,
    ...(name === 'vfat' ? { maxObjectBytes: FOUR_GIB - 1n } : {}),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** ext4 keeps whole seconds where its inodes have 128 bytes, as those of ext2 and ext3 have: then they have no birth time either. */
function timeStep(fd: number, fileSystem: string): bigint {
  if (fileSystem !== 'ext4') return timeSteps[fileSystem] ?? 1n;
  const record = new StatxRecord();
  statFd(fd, record);
  return (record.mask & STATX_BTIME) === 0 ? SECOND_NS : 1n;
}
