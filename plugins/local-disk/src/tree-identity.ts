import type { TreeIdentity } from '@holdfast/core/plugin';
import { identifyFileSystem } from './syscalls/file-system-identity.ts';
import { statFd } from './syscalls/stat.ts';
import { readFileSystemStatus } from './syscalls/statfs.ts';
import { StatxRecord } from './syscalls/statx-record.ts';

/** File systems that make up inode numbers as they go, or take them from a server that does. */
const UNSTABLE_INODES = new Set(['vfat', 'exfat', 'fuse', 'cifs', 'smb2', '9p', 'afs']);

/** Facts about the tree below an open directory. */
export interface TreeFacts {
  /** Absent where the file system has nothing that tells it from others. */
  readonly identity?: TreeIdentity;
  /** Whether the same inode number names the same file when the file system is mounted again. */
  readonly stableIdentity: boolean;
}

/** `fd` must be open for reading. @throws SystemCallError */
export function readTreeFacts(fd: number): TreeFacts {
  const record = new StatxRecord();
  statFd(fd, record);
  const { name: fileSystemType } = readFileSystemStatus(fd);
  const fileSystemId = identifyFileSystem(fd);
  return {
    stableIdentity: !UNSTABLE_INODES.has(fileSystemType),
    ...(fileSystemId === undefined ? {} : { identity: { fileSystemId, fileSystemType, rootIno: record.ino } }),
  };
}
