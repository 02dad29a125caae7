import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempDisposableSync,
  openSync,
  closeSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toCString } from './c-string.ts';
import { mknodat, S_IFCHR } from './create.ts';
import { check } from './errno.ts';
import { openPath, closeFd } from './open.ts';
import { O_DIRECTORY, O_PATH, O_NOFOLLOW } from './open-flags.ts';
import { statAt, statFd, statx, STATX_ALL, STATX_ATTR, STATX_BASIC_STATS, STATX_NO_FOLLOW } from './stat.ts';
import { deviceMajor, deviceMinor, makeDevice, STATX_WORD, StatxRecord } from './statx-record.ts';

const isRoot = process.getuid?.() === 0;

it('agrees with Node on every field, for a file, a link, a device and a directory', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openPath(dir.path, O_DIRECTORY);
  writeFileSync(join(dir.path, 'file'), 'content');
  truncateSync(join(dir.path, 'file'), 5_000_000_000);
  utimesSync(join(dir.path, 'file'), 0, 4_294_967_296.25);
  execFileSync('touch', ['-a', '-d', '@-1234.5', join(dir.path, 'file')]);
  symlinkSync('/nowhere', join(dir.path, 'link'));
  if (isRoot) check(mknodat(fd, toCString('device'), S_IFCHR | 0o600, makeDevice(259, 70_000)), 'mknodat');
  const record = new StatxRecord();
  for (const name of ['file', 'link', ...(isRoot ? ['device'] : []), '.']) {
    statAt(fd, toCString(name), record);
    const expected = lstatSync(join(dir.path, name), { bigint: true });
    expect({
      mode: record.mode,
      uid: record.uid,
      gid: record.gid,
      nlink: record.nlink,
      size: record.size,
      allocated: record.allocatedBytes,
      ino: record.ino,
      dev: record.dev,
      rdev: record.rdev,
      mtimeNs: record.mtimeNs,
      ctimeNs: record.ctimeNs,
      birthtimeNs: record.birthtimeNs,
    }).toEqual({
      mode: Number(expected.mode),
      uid: Number(expected.uid),
      gid: Number(expected.gid),
      nlink: Number(expected.nlink),
      size: Number(expected.size),
      allocated: Number(expected.blocks) * 512,
      ino: expected.ino,
      dev: expected.dev,
      rdev: expected.rdev,
      mtimeNs: expected.mtimeNs,
      ctimeNs: expected.ctimeNs,
      birthtimeNs: expected.birthtimeNs,
    });
    expect(BigInt(record.mtimeSeconds) * 1_000_000_000n + BigInt(record.mtimeNanoseconds)).toBe(expected.mtimeNs);
    expect(BigInt(record.ctimeSeconds) * 1_000_000_000n + BigInt(record.ctimeNanoseconds)).toBe(expected.ctimeNs);
    expect(record.words[STATX_WORD.ino]).toBe(Number(expected.ino & 0xffffffffn));
  }
  statAt(fd, toCString('file'), record);
  expect(record.atimeNs).toBe(-1_234_500_000_000n);
  closeFd(fd);
});

it('reads an open descriptor, also of a link', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  symlinkSync('/nowhere', join(dir.path, 'link'));
  const record = new StatxRecord();
  const fd = openPath(join(dir.path, 'link'), O_PATH | O_NOFOLLOW);
  statFd(fd, record);
  expect(record.ino).toBe(lstatSync(join(dir.path, 'link'), { bigint: true }).ino);
  closeFd(fd);
});

it('says by the mask whether there is a birth time, and by attributesMask what attributes mean', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const record = new StatxRecord();
  const fd = openPath(dir.path, O_DIRECTORY);
  check(statx(fd, toCString('.'), STATX_NO_FOLLOW, STATX_ALL, record.address), 'statx');
  expect(record.birthtimeNs).toBeDefined();
  expect(record.attributesMask & STATX_ATTR.IMMUTABLE).not.toBe(0);
  expect(record.attributes & STATX_ATTR.IMMUTABLE).toBe(0);
  closeFd(fd);
  const proc = openPath('/proc', O_DIRECTORY);
  statAt(proc, toCString('version'), record);
  expect(record.birthtimeNs).toBeUndefined();
  expect(record.mask & STATX_BASIC_STATS).toBe(STATX_BASIC_STATS);
  closeFd(proc);
});

it('returns -1 and names the entry that is missing', () => {
  const record = new StatxRecord();
  const root = openSync('/', 'r');
  expect(statx(root, toCString('no-such-entry'), STATX_NO_FOLLOW, STATX_ALL, record.address)).toBe(-1);
  expect(() => statAt(root, toCString('no-such-entry'), record)).toThrow(
    expect.objectContaining({
      syscall: 'statx',
      code: 'ENOENT',
      errno: 2,
      path: 'no-such-entry',
      message: 'statx "no-such-entry": ENOENT (no such file or directory)',
    }),
  );
  closeSync(root);
});

it('makes device numbers that it takes apart again', () => {
  for (const [major, minor] of [
    [0, 0],
    [8, 1],
    [259, 70_000],
    [0xfff, 0xfffff],
    [0xffff_ffff, 0xffff_ffff],
  ] as const) {
    const device = makeDevice(major, minor);
    expect([deviceMajor(device), deviceMinor(device)]).toEqual([major, minor]);
  }
  expect(makeDevice(8, 1)).toBe(0x801n);
});
