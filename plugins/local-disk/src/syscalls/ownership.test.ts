import { chmodSync, closeSync, lstatSync, mkdtempDisposableSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toCString } from './c-string.ts';
import { mkdirat, mknodat, S_IFIFO } from './create.ts';
import { check, ERRNO, errno } from './errno.ts';
import { AT_SYMLINK_NOFOLLOW } from './open-flags.ts';
import { fchmod, fchmodat, fchown, fchownat, umask } from './ownership.ts';

const isRoot = process.getuid?.() === 0;

it.skipIf(!isRoot)('changes owners of files, links and entries that cannot be opened, with ids above 2^31', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openSync(dir.path, 'r');
  writeFileSync(join(dir.path, 'file'), '');
  symlinkSync('file', join(dir.path, 'link'));
  check(mknodat(at, toCString('fifo'), S_IFIFO | 0o600, 0), 'mknodat');
  const file = openSync(join(dir.path, 'file'), 'r');
  check(fchown(file, 4_294_967_290, 3_000_000_000), 'fchown');
  check(fchownat(at, toCString('link'), 1001, 1002, AT_SYMLINK_NOFOLLOW), 'fchownat');
  check(fchownat(at, toCString('fifo'), 1003, 0xffff_ffff, AT_SYMLINK_NOFOLLOW), 'fchownat');
  const owner = (name: string) => [lstatSync(join(dir.path, name)).uid, lstatSync(join(dir.path, name)).gid];
  expect([owner('file'), owner('link'), owner('fifo')]).toEqual([
    [4_294_967_290, 3_000_000_000],
    [1001, 1002],
    [1003, 0],
  ]);
  closeSync(file);
  closeSync(at);
});

it('sets every mode bit, also of a FIFO, and refuses a link', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openSync(dir.path, 'r');
  writeFileSync(join(dir.path, 'file'), '');
  symlinkSync('file', join(dir.path, 'link'));
  check(mknodat(at, toCString('fifo'), S_IFIFO | 0o600, 0), 'mknodat');
  const file = openSync(join(dir.path, 'file'), 'r');
  check(fchmod(file, 0o7751), 'fchmod');
  check(fchmodat(at, toCString('fifo'), 0o642, AT_SYMLINK_NOFOLLOW), 'fchmodat');
  expect(lstatSync(join(dir.path, 'file')).mode & 0o7777).toBe(0o7751);
  expect(lstatSync(join(dir.path, 'fifo')).mode & 0o7777).toBe(0o642);
  expect(fchmodat(at, toCString('link'), 0o777, AT_SYMLINK_NOFOLLOW)).toBe(-1);
  expect(errno()).toBe(ERRNO.ENOTSUP);
  expect(lstatSync(join(dir.path, 'file')).mode & 0o7777).toBe(0o7751);
  closeSync(file);
  closeSync(at);
});

it('lets new entries have the mode they are given once the umask is zero', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  chmodSync(dir.path, 0o700);
  const at = openSync(dir.path, 'r');
  const before = umask(0);
  check(mkdirat(at, toCString('open'), 0o777), 'mkdirat');
  expect(umask(0o077)).toBe(0);
  check(mkdirat(at, toCString('closed'), 0o777), 'mkdirat');
  umask(before);
  expect(lstatSync(join(dir.path, 'open')).mode & 0o777).toBe(0o777);
  expect(lstatSync(join(dir.path, 'closed')).mode & 0o777).toBe(0o700);
  closeSync(at);
});
