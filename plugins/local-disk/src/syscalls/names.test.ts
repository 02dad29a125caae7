import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempDisposableSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toCString } from './c-string.ts';
import { mkdirat, mknodat, S_IFBLK, S_IFCHR, S_IFIFO, S_IFSOCK } from './create.ts';
import { check, ERRNO, errno } from './errno.ts';
import { linkat, linkFd, readSymlink, symlinkat } from './link.ts';
import { AT_REMOVEDIR, O_DIRECTORY, O_TMPFILE, O_WRONLY } from './open-flags.ts';
import { closeFd, openPath } from './open.ts';
import { unlinkat } from './remove.ts';
import { RENAME_EXCHANGE, RENAME_NOREPLACE, renameat2 } from './rename.ts';
import { makeDevice } from './statx-record.ts';

const c = toCString;

it('renames: replacing, refusing to replace, exchanging, between directories', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  check(mkdirat(at, c('sub'), 0o755), 'mkdirat');
  const sub = openPath(join(dir.path, 'sub'), O_DIRECTORY);
  const write = (name: string) => writeFileSync(join(dir.path, name), name);
  const read = (name: string) => readFileSync(join(dir.path, name), 'utf8');
  ['a', 'b', 'c'].forEach(write);
  expect(renameat2(at, c('a'), at, c('b'), RENAME_NOREPLACE)).toBe(-1);
  expect(errno()).toBe(ERRNO.EEXIST);
  check(renameat2(at, c('a'), at, c('b'), RENAME_EXCHANGE), 'renameat2');
  expect([read('a'), read('b')]).toEqual(['b', 'a']);
  check(renameat2(at, c('a'), at, c('c'), 0), 'renameat2');
  check(renameat2(at, c('b'), sub, c('b'), RENAME_NOREPLACE), 'renameat2');
  expect([read('c'), read('sub/b'), readdirSync(dir.path)]).toEqual(['b', 'a', ['c', 'sub']]);
  closeFd(sub);
  closeFd(at);
});

it('makes and removes every kind of entry, with names that are not UTF-8', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  const name = Buffer.from([0xe9, 0x80, 0xff]);
  const path = Buffer.concat([Buffer.from(`${dir.path}/`), name]);
  const cName = toCString(name);
  const kinds: [mode: number, device: bigint, check: () => boolean][] = [
    [S_IFIFO | 0o600, 0n, () => lstatSync(path).isFIFO()],
    [S_IFSOCK | 0o600, 0n, () => lstatSync(path).isSocket()],
    [S_IFCHR | 0o600, makeDevice(1, 3), () => lstatSync(path).isCharacterDevice() && lstatSync(path).rdev === 0x103],
    [
      S_IFBLK | 0o600,
      makeDevice(259, 300),
      () => lstatSync(path).isBlockDevice() && lstatSync(path, { bigint: true }).rdev === makeDevice(259, 300),
    ],
  ];
  // Only root makes devices.
  const isRoot = process.getuid?.() === 0;
  for (const [mode, device, isMade] of kinds.filter(([, device]) => isRoot || device === 0n)) {
    check(mknodat(at, cName, mode, device), 'mknodat');
    expect(isMade()).toBe(true);
    check(unlinkat(at, cName, 0), 'unlinkat');
  }
  check(symlinkat(c('target'), at, cName), 'symlinkat');
  expect(readlinkSync(path)).toBe('target');
  check(unlinkat(at, cName, 0), 'unlinkat');
  check(mkdirat(at, cName, 0o700), 'mkdirat');
  expect(unlinkat(at, cName, 0)).toBe(-1);
  expect(errno()).toBe(ERRNO.EISDIR);
  check(unlinkat(at, cName, AT_REMOVEDIR), 'unlinkat');
  expect(existsSync(path)).toBe(false);
  closeFd(at);
});

it('links files, links themselves, and files that had no name', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  writeFileSync(join(dir.path, 'file'), 'content');
  check(symlinkat(c('file'), at, c('link')), 'symlinkat');
  check(linkat(at, c('file'), at, c('file2'), 0), 'linkat');
  check(linkat(at, c('link'), at, c('link2'), 0), 'linkat');
  expect(lstatSync(join(dir.path, 'file2')).ino).toBe(lstatSync(join(dir.path, 'file')).ino);
  expect(lstatSync(join(dir.path, 'link2')).isSymbolicLink()).toBe(true);
  const nameless = openPath(dir.path, O_TMPFILE | O_WRONLY, 0o600);
  writeSync(nameless, 'late');
  check(linkFd(nameless, at, c('named')), 'linkat');
  expect(linkFd(nameless, at, c('file'))).toBe(-1);
  expect(errno()).toBe(ERRNO.EEXIST);
  closeFd(nameless);
  expect(readFileSync(join(dir.path, 'named'), 'utf8')).toBe('late');
  closeFd(at);
});

it('reads link targets of any bytes and up to the longest', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  const targets = [Buffer.from([0x61, 0xff, 0x2f, 0x80]), Buffer.alloc(4095, 0x62)];
  for (const [index, target] of targets.entries()) {
    check(symlinkat(toCString(target), at, c(`link${index}`)), 'symlinkat');
    expect(readSymlink(at, c(`link${index}`))).toEqual(target);
  }
  const empty = openSync(join(dir.path, 'file'), 'w');
  expect(() => readSymlink(at, c('file'))).toThrow(
    expect.objectContaining({ code: 'EINVAL', syscall: 'readlinkat', path: 'file' }),
  );
  closeSync(empty);
  closeFd(at);
});

it('refuses a name that holds a zero byte', () => {
  expect(() => toCString('a\0b')).toThrow(RangeError);
});
