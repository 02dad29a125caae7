import { closeSync, mkdirSync, mkdtempDisposableSync, openSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DirectoryReader, DT } from './directory.ts';
import { statx, STATX_ALL, STATX_NO_FOLLOW } from './stat.ts';
import { StatxRecord } from './statx-record.ts';

function names(reader: DirectoryReader): string[] {
  const found: string[] = [];
  while (reader.next()) found.push(reader.bytes.toString('latin1', reader.nameOffset, reader.nameOffset + reader.nameLength));
  return found;
}

it('yields names of every length with their types, names that are not UTF-8 included', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const wanted = Array.from({ length: 255 }, (_, index) => 'n'.repeat(index + 1));
  for (const name of wanted) writeFileSync(join(dir.path, name), '');
  writeFileSync(Buffer.concat([Buffer.from(`${dir.path}/`), Buffer.from([0xff, 0xfe, 0x41])]), '');
  writeFileSync(join(dir.path, '...'), '');
  writeFileSync(join(dir.path, '.x'), '');
  mkdirSync(join(dir.path, 'directory'));
  symlinkSync('x', join(dir.path, 'link'));
  const fd = openSync(dir.path, 'r');
  const reader = new DirectoryReader();
  while (reader.append(fd));
  const types = new Map<string, number>();
  const record = new StatxRecord();
  while (reader.next()) {
    types.set(reader.bytes.toString('latin1', reader.nameOffset, reader.nameOffset + reader.nameLength), reader.type);
    expect(statx(fd, reader.nameAddress, STATX_NO_FOLLOW, STATX_ALL, record.address)).toBe(0);
    expect(record.ino).toBe((BigInt(reader.inoHigh) << 32n) | BigInt(reader.inoLow));
  }
  closeSync(fd);
  expect([...types.keys()].sort()).toEqual([...wanted, '\xff\xfeA', '...', '.x', 'directory', 'link'].sort());
  expect([types.get('directory'), types.get('link'), types.get('n'), types.get('\xff\xfeA')]).toEqual([
    DT.DIRECTORY,
    DT.SYMLINK,
    DT.FILE,
    DT.FILE,
  ]);
});

it('holds a directory larger than its buffer, and reads it block by block as well', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  for (let index = 0; index < 3000; index++) writeFileSync(join(dir.path, `a-rather-long-name-of-an-entry-${index}`), '');
  const expected = readdirSync(dir.path).sort();
  const fd = openSync(dir.path, 'r');
  const whole = new DirectoryReader(1);
  while (whole.append(fd));
  expect(whole.length).toBeGreaterThan(32_768);
  expect(names(whole).sort()).toEqual(expected);
  closeSync(fd);

  const again = openSync(dir.path, 'r');
  const blocks = new DirectoryReader(1);
  const found: string[] = [];
  let count = 0;
  for (; blocks.append(again); count++) {
    found.push(...names(blocks));
    blocks.clear();
  }
  closeSync(again);
  expect(count).toBeGreaterThan(1);
  expect(blocks.bytes.length).toBe(32_768);
  expect(found.sort()).toEqual(expected);
});

it('finds nothing in an empty directory and fails on a file', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const reader = new DirectoryReader();
  const fd = openSync(dir.path, 'r');
  while (reader.append(fd));
  expect(reader.length).toBeGreaterThan(0);
  expect(reader.next()).toBe(false);
  closeSync(fd);
  const file = openSync('/etc/hostname', 'r');
  expect(() => reader.append(file)).toThrow(expect.objectContaining({ code: 'ENOTDIR', syscall: 'getdents64' }));
  closeSync(file);
});
