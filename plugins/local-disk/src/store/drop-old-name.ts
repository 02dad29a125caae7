import { toCString, untilZero } from '../syscalls/c-string.ts';
import { DirectoryReader } from '../syscalls/directory.ts';
import { check, errno, SystemCallError } from '../syscalls/errno.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx, statxFd } from '../syscalls/stat.ts';
import { STATX_WORD } from '../syscalls/statx-record.ts';
import { changeNames } from './change-names.ts';
import type { Place } from './place.ts';
import { scratch } from './scratch.ts';

/**
 * To be called after a rename of a file with several names. rename(2) does nothing, without an error, where both names are names of
 * one file: then the old one is removed here. Spoils `scratch.other`. @throws SystemCallError
 */
export function dropOldName(from: Place, to: Place): void {
  const kept = identityAt(to);
  if (kept === undefined || identityAt(from) !== kept || !areTwoNames(from, to)) return;
  const failure = changeNames([from], () => (unlinkat(from.directoryFd, from.name, 0) === 0 ? 0 : errno()));
  if (failure !== 0) throw new SystemCallError('unlinkat', failure, from.name);
}

function identityAt({ directoryFd, name }: Place): string | undefined {
  const found = statx(directoryFd, name, STATX_NO_FOLLOW, STATX_ALL, scratch.other.address) === 0;
  return found ? identity() : undefined;
}

function identity(): string {
  const { words } = scratch.other;
  return [STATX_WORD.ino, STATX_WORD.ino + 1, STATX_WORD.devMajor, STATX_WORD.devMinor].map((word) => words[word]).join();
}

/** Two spellings can be one name, where upper and lower case or Unicode forms are the same: only the directory itself can tell. */
function areTwoNames(from: Place, to: Place): boolean {
  if (directoryIdentity(from.directoryFd) !== directoryIdentity(to.directoryFd)) return true;
  if (from.name.equals(to.name)) return false;
  const names = new Set(listNames(from.directoryFd));
  return [from, to].every(({ name }) => names.has(spell(untilZero(name))));
}

function directoryIdentity(fd: number): string {
  check(statxFd(fd, STATX_ALL, scratch.other), 'statx');
  return identity();
}

function* listNames(directoryFd: number): Generator<string> {
  const fd = check(openForReading(directoryFd, toCString('.')), 'openat');
  try {
    const reader = new DirectoryReader();
    while (reader.append(fd)) {
      while (reader.next()) yield spell(reader.bytes.subarray(reader.nameOffset, reader.nameOffset + reader.nameLength));
      reader.clear();
    }
  } finally {
    close(fd);
  }
}

function spell(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.byteLength).toString('latin1');
}
