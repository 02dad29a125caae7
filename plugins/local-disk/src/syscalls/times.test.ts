import { closeSync, lstatSync, mkdtempDisposableSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toCString } from './c-string.ts';
import { check } from './errno.ts';
import { AT_SYMLINK_NOFOLLOW } from './open-flags.ts';
import { statAt } from './stat.ts';
import { StatxRecord } from './statx-record.ts';
import { futimens, Times, utimensat } from './times.ts';

const stat = (path: string) => {
  const { atimeNs, mtimeNs } = lstatSync(path, { bigint: true });
  return { atimeNs, mtimeNs };
};

it('sets times to the nanosecond, before 1970 and after 2038, on files and links', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const path = join(dir.path, 'file');
  writeFileSync(path, '');
  symlinkSync('file', join(dir.path, 'link'));
  const file = openSync(path, 'r+');
  const directory = openSync(dir.path, 'r');
  const times = new Times();
  for (const [atimeNs, mtimeNs] of [
    [1n, 1_700_000_000_123_456_789n],
    [-1n, -1_000_000_001n],
    [-2_000_000_000n, 5_000_000_000_999_999_999n],
  ] as const) {
    check(futimens(file, times.set(atimeNs, mtimeNs).address), 'futimens');
    expect(stat(path)).toEqual({ atimeNs, mtimeNs });
  }
  check(utimensat(directory, toCString('link'), times.set(7n, 8n).address, AT_SYMLINK_NOFOLLOW), 'utimensat');
  expect(stat(join(dir.path, 'link'))).toEqual({ atimeNs: 7n, mtimeNs: 8n });
  check(futimens(file, times.set(undefined, 42n).address), 'futimens');
  expect(stat(path)).toEqual({ atimeNs: -2_000_000_000n, mtimeNs: 42n });
  closeSync(file);
  closeSync(directory);
});

it('copies the times that statx found', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  for (const name of ['from', 'to']) writeFileSync(join(dir.path, name), '');
  const directory = openSync(dir.path, 'r');
  const times = new Times();
  const record = new StatxRecord();
  for (const [atimeNs, mtimeNs] of [
    [-1n, 12_345_678_901_234_567_890n / 2n],
    [3n, -4n],
  ] as const) {
    check(utimensat(directory, toCString('from'), times.set(atimeNs, mtimeNs).address, 0), 'utimensat');
    statAt(directory, toCString('from'), record);
    check(utimensat(directory, toCString('to'), times.copyFrom(record).address, 0), 'utimensat');
    expect(stat(join(dir.path, 'to'))).toEqual({ atimeNs, mtimeNs });
  }
  closeSync(directory);
});
