import { STATX_WORD, type StatxRecord } from '../syscalls/statx-record.ts';
import type { DirectoryIdentity } from './scan-protocol.ts';

export function identityOf({ words }: StatxRecord): DirectoryIdentity {
  return [words[STATX_WORD.ino]!, words[STATX_WORD.ino + 1]!, words[STATX_WORD.devMajor]!, words[STATX_WORD.devMinor]!];
}

export function sameIdentity(left: DirectoryIdentity, right: DirectoryIdentity): boolean {
  return left.every((word, index) => word === right[index]);
}
