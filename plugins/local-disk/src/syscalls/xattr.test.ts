import { faultBoard } from './enable-fault-hooks.ts';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempDisposableSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { toCString } from './c-string.ts';
import { mkdirat, mknodat, S_IFIFO } from './create.ts';
import { check } from './errno.ts';
import * as loaded from './xattr-set.ts';
import type { XattrOwner } from './xattr-set.ts';
import { XATTR_CREATE, XATTR_REPLACE } from './xattr.ts';

const isRoot = process.getuid?.() === 0;
const failure = (code: string): unknown => expect.objectContaining({ code });
const { readXattr, readXattrs, writeXattr } = loaded;

function toRecord(found: readonly loaded.Xattr[]): Record<string, string> {
  return Object.fromEntries(
    found.map(({ name, value }) => [name.toString('latin1', 0, name.length - 1), value.toString('latin1')]),
  );
}

function roundTrip(
  owner: XattrOwner,
  space: 'user' | 'trusted',
  { readXattr, readXattrs, removeXattr, writeXattr } = loaded,
): void {
  expect(readXattrs(owner)).toEqual([]);
  const odd = toCString(Buffer.concat([Buffer.from(`${space}.`), Buffer.from([0xff, 0xfe])]));
  const plain = toCString(`${space}.plain`);
  const empty = toCString(`${space}.empty`);
  writeXattr(owner, { name: odd, value: Buffer.from([0, 1, 0xff]) });
  writeXattr(owner, { name: plain, value: Buffer.from('first') }, XATTR_CREATE);
  writeXattr(owner, { name: empty, value: Buffer.alloc(0) });
  expect(() => writeXattr(owner, { name: plain, value: Buffer.from('x') }, XATTR_CREATE)).toThrow(failure('EEXIST'));
  writeXattr(owner, { name: plain, value: Buffer.alloc(2000, 'y') }, XATTR_REPLACE);
  expect(toRecord(readXattrs(owner))).toEqual({
    [`${space}.\xff\xfe`]: '\0\x01\xff',
    [`${space}.plain`]: 'y'.repeat(2000),
    [`${space}.empty`]: '',
  });
  removeXattr(owner, odd);
  removeXattr(owner, odd);
  expect(readXattr(owner, odd)).toBeUndefined();
  expect(Object.keys(toRecord(readXattrs(owner))).sort()).toEqual([`${space}.empty`, `${space}.plain`]);
}

afterEach(() => faultBoard.setPlan([]));

it('keeps attributes of open files and directories', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  writeFileSync(join(dir.path, 'file'), '');
  for (const path of [dir.path, join(dir.path, 'file')]) {
    const fd = openSync(path, 'r');
    roundTrip({ fd }, 'user');
    closeSync(fd);
  }
  expect(
    execFileSync('getfattr', ['--absolute-names', '-d', '--only-values', '-n', 'user.plain', join(dir.path, 'file')]).toString(),
  ).toBe('y'.repeat(2000));
});

describe.each([
  ['the calls of Linux 6.13', true],
  ['/proc', false],
])('entries that are not open, by %s', (_, hasCalls) => {
  it.skipIf(!isRoot)('keeps attributes of links and FIFOs themselves, below any path', async () => {
    vi.resetModules();
    faultBoard.setPlan(hasCalls ? [] : [{ call: 'listxattrat', repeat: true, action: { errno: 'ENOSYS' } }]);
    const fresh = await import('./xattr-set.ts');
    using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
    let fd = openSync(dir.path, 'r');
    for (let depth = 0; depth < 20; depth++) {
      check(mkdirat(fd, toCString('d'.repeat(250)), 0o755), 'mkdirat');
      const child = openSync(`/proc/self/fd/${fd}/${'d'.repeat(250)}`, 'r');
      closeSync(fd);
      fd = child;
    }
    symlinkSync('/etc/passwd', `/proc/self/fd/${fd}/link`);
    check(mknodat(fd, toCString('fifo'), S_IFIFO | 0o600, 0), 'mknodat');
    writeFileSync(`/proc/self/fd/${fd}/file\u{1f600}`, '');
    for (const name of ['link', 'fifo']) roundTrip({ fd, name: toCString(name) }, 'trusted', fresh);
    roundTrip({ fd, name: toCString('file\u{1f600}') }, 'user', fresh);
    expect(() => fresh.readXattrs({ fd, name: toCString('missing') })).toThrow(failure('ENOENT'));
    const { byCall } = faultBoard.counts();
    expect([byCall.setxattrat === undefined, byCall.lsetxattr === undefined]).toEqual([!hasCalls, hasCalls]);
    closeSync(fd);
    execFileSync('rm', ['-rf', join(dir.path, 'd'.repeat(250))]);
  });
});

it('leaves out an attribute that goes away while it is read, and takes no support as none', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openSync(dir.path, 'r');
  for (const name of ['user.a', 'user.b']) writeXattr({ fd }, { name: toCString(name), value: Buffer.from('v') });
  faultBoard.setPlan([{ call: 'fgetxattr', nth: 1, action: { errno: 'ENODATA' } }]);
  expect(readXattrs({ fd })).toHaveLength(1);
  faultBoard.setPlan([{ call: 'flistxattr', action: { errno: 'ENOTSUP' } }]);
  expect(readXattrs({ fd })).toEqual([]);
  faultBoard.setPlan([{ call: 'flistxattr', action: { errno: 'EIO' } }]);
  expect(() => readXattrs({ fd })).toThrow(failure('EIO'));
  closeSync(fd);
});

it('says when an attribute does not fit', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openSync(dir.path, 'r');
  const name = toCString('user.large');
  expect(() => writeXattr({ fd }, { name, value: Buffer.alloc(65_537) })).toThrow(failure('E2BIG'));
  expect(() => writeXattr({ fd }, { name: toCString(`user.${'n'.repeat(251)}`), value: Buffer.alloc(1) })).toThrow(
    failure('ERANGE'),
  );
  closeSync(fd);
});

it.each([
  ['xfs', 300],
  ['btrfs', 128],
] as const)('keeps large values and long lists on %s', async (kind, sizeMiB) => {
  await withLoopFilesystem(kind, sizeMiB, async (directory) => {
    const fd = openSync(directory, 'r');
    const largest = kind === 'xfs' ? 65_536 : 15_000;
    writeXattr({ fd }, { name: toCString('user.large'), value: Buffer.alloc(largest, 'L') });
    expect(readXattr({ fd }, toCString('user.large'))?.length).toBe(largest);
    // 250 names of 250 bytes make a list of 62,500 bytes, far above the first offer.
    const names = Array.from({ length: 250 }, (_, index) => `user.${String(index).padStart(244, '0')}`);
    for (const name of names) writeXattr({ fd }, { name: toCString(name), value: Buffer.from(name) });
    const found = toRecord(readXattrs({ fd }));
    expect(Object.keys(found).length).toBe(251);
    expect(found[names[249]!]).toBe(names[249]);
    for (let index = 250; index < 270; index++)
      writeXattr({ fd }, { name: toCString(`user.${String(index).padStart(244, '0')}`), value: Buffer.alloc(1) });
    expect(() => readXattrs({ fd })).toThrow(failure('E2BIG'));
    closeSync(fd);
  });
});
