import { decodePath, type RelPath } from '@holdfast/core/plugin';
import { readFileSync } from 'node:fs';
import { SNAPSHOT_PREFIX } from '../scan/own-names.ts';
import { listChildSubvolumes } from '../syscalls/child-subvolumes.ts';
import type { Subvolume } from './find-subvolume.ts';

/** Directories below the inner one of a subvolume that its snapshot lacks: other subvolumes, and what is mounted there. @throws SystemCallError */
export function findGaps({ fd, path, inner }: Subvolume): RelPath[] {
  const subvolumes = listChildSubvolumes(fd).filter((child) => !child.toString('latin1').startsWith(SNAPSHOT_PREFIX));
  const mounts = listMountPoints().flatMap((mount) => below(mount, path));
  const gaps = [...subvolumes, ...mounts].flatMap((gap) => below(gap, inner));
  return [...new Set(gaps.map((gap) => decodePath(gap)))];
}

/** The path relative to `directory` where it lies below it. An empty `directory` is the root. */
function below(path: Buffer, directory: Buffer): Buffer[] {
  if (directory.length === 0) return [path[0] === SLASH ? path.subarray(1) : path].filter(({ length }) => length > 0);
  const isBelow = path.length > directory.length + 1 && path.subarray(0, directory.length).equals(directory);
  return isBelow && path[directory.length] === SLASH ? [path.subarray(directory.length + 1)] : [];
}

const SLASH = 0x2f;
const MOUNT_POINT_FIELD = 4;

/** Absolute paths as this process sees them. Source: proc_pid_mountinfo(5); spaces and the like are written as octal numbers. */
function listMountPoints(): Buffer[] {
  const lines = readFileSync('/proc/self/mountinfo', 'latin1').split('\n').slice(0, -1);
  const paths = lines.map((line) => line.split(' ')[MOUNT_POINT_FIELD] ?? '');
  return paths.map((text) =>
    Buffer.from(
      text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      'latin1',
    ),
  );
}
