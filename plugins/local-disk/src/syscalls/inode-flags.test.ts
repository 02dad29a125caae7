import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { check, ERRNO, errno } from './errno.ts';
import {
  changeInodeFlags,
  EARLY_INODE_FLAGS,
  getInodeFlags,
  INODE_FLAG,
  LOCKING_INODE_FLAGS,
  setInodeFlags,
  SETTABLE_INODE_FLAGS,
} from './inode-flags.ts';
import { statFd, STATX_ATTR } from './stat.ts';
import { StatxRecord } from './statx-record.ts';

/** The letters that lsattr shows for a file. */
function lsattr(path: string): string {
  return execFileSync('lsattr', ['-d', path]).toString().split(' ')[0]!.replaceAll('-', '');
}

const { IMMUTABLE, APPEND, NODUMP, NOATIME, NOCOW, SYNC, EXTENT } = INODE_FLAG;

it.each([
  ['ext4', 16],
  ['xfs', 300],
  ['btrfs', 128],
] as const)('sets and clears flags on %s as chattr does', async (kind, sizeMiB) => {
  await withLoopFilesystem(kind, sizeMiB, async (directory) => {
    const path = join(directory, 'file');
    writeFileSync(path, 'content');
    const fd = openSync(path, 'r');
    const record = new StatxRecord();
    changeInodeFlags(fd, NODUMP | NOATIME | SYNC, SETTABLE_INODE_FLAGS);
    expect([...lsattr(path).replace('e', '')].sort()).toEqual(['A', 'S', 'd']);
    changeInodeFlags(fd, IMMUTABLE | APPEND, LOCKING_INODE_FLAGS);
    expect(check(getInodeFlags(fd), 'getflags') & SETTABLE_INODE_FLAGS).toBe(NODUMP | NOATIME | SYNC | IMMUTABLE | APPEND);
    statFd(fd, record);
    expect(record.attributes & record.attributesMask).toBe(STATX_ATTR.IMMUTABLE | STATX_ATTR.APPEND | STATX_ATTR.NODUMP);
    expect(() => rmSync(path)).toThrow(/EPERM/);
    execFileSync('chattr', ['-ia', path]);
    changeInodeFlags(fd, 0, SETTABLE_INODE_FLAGS);
    expect(lsattr(path).replace('e', '')).toBe('');
    if (kind === 'ext4') expect(getInodeFlags(fd) & EXTENT).toBe(EXTENT);
    closeSync(fd);
  });
});

it('sets no-copy-on-write on an empty file of btrfs, and on its directory for new files', async () => {
  await withLoopFilesystem('btrfs', 128, async (directory) => {
    mkdirSync(join(directory, 'images'));
    const images = openSync(join(directory, 'images'), 'r');
    changeInodeFlags(images, NOCOW, EARLY_INODE_FLAGS);
    writeFileSync(join(directory, 'images/inherits'), 'x');
    expect(lsattr(join(directory, 'images/inherits'))).toContain('C');
    const plain = openSync(join(directory, 'plain'), 'w');
    changeInodeFlags(plain, NOCOW, EARLY_INODE_FLAGS);
    expect(lsattr(join(directory, 'plain'))).toContain('C');
    closeSync(images);
    closeSync(plain);
  });
});

it('answers -1 for a flag that a file system lacks and for files without flags', async () => {
  const device = openSync('/dev/null', 'r');
  expect(getInodeFlags(device)).toBe(-1);
  expect(errno()).toBe(ERRNO.ENOTTY);
  closeSync(device);
  await withLoopFilesystem('ext4', 16, async (directory) => {
    const fd = openSync(join(directory, 'file'), 'w');
    expect(setInodeFlags(fd, getInodeFlags(fd) | NOCOW)).toBe(-1);
    expect(errno()).toBe(ERRNO.ENOTSUP);
    closeSync(fd);
  });
});
