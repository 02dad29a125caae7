import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempDisposableSync, openSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mountLoopFilesystem, whyNoLoopFilesystem, withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { readBlockDeviceSize, readSectorSize } from './block-device.ts';
import { toCString } from './c-string.ts';
import { identifyFileSystem } from './file-system-identity.ts';
import { tryLockExclusive, unlock } from './lock.ts';
import { O_DIRECTORY } from './open-flags.ts';
import { closeFd, openPath } from './open.ts';
import { readFileSystemStatus } from './statfs.ts';
import { createReadOnlySnapshot, createSubvolume, destroySubvolume, isSubvolumeRoot } from './subvolume.ts';

it.each([
  ['ext4', 16],
  ['xfs', 300],
  ['btrfs', 128],
] as const)('knows name, size, identity and state of %s', async (kind, sizeMiB) => {
  await withLoopFilesystem(kind, sizeMiB, async (directory) => {
    const fd = openPath(directory, O_DIRECTORY);
    const status = readFileSystemStatus(fd);
    const expected = statfsSync(directory);
    expect(status).toMatchObject({
      name: kind,
      magic: expected.type,
      blockSize: expected.bsize,
      totalBytes: expected.blocks * expected.bsize,
      availableBytes: expected.bavail * expected.bsize,
      totalInodes: expected.files,
      freeInodes: expected.ffree,
      isReadOnly: false,
      longestName: 255,
    });
    expect(status.freeBytes).toBe(expected.bfree * expected.bsize);
    const device = execFileSync('findmnt', ['-no', 'SOURCE', directory]).toString().trim();
    const uuid = execFileSync('blkid', ['-p', '-o', 'value', '-s', 'UUID', device]).toString().trim();
    expect(identifyFileSystem(fd)).toBe(`uuid:${uuid}`);
    expect(status.fsid).not.toBe(0n);
    execFileSync('mount', ['-o', 'remount,ro', directory]);
    expect(readFileSystemStatus(fd).isReadOnly).toBe(true);
    closeFd(fd);
    const disk = openPath(device, 0);
    expect(readBlockDeviceSize(disk)).toBe(sizeMiB * 1_048_576);
    expect(readSectorSize(disk)).toBe(512);
    closeFd(disk);
  });
});

it('names file systems without a device, and falls back to their fsid', () => {
  const names = ['/proc', '/sys', '/dev/shm'].map((path) => {
    const fd = openPath(path, O_DIRECTORY);
    const { name, fsid } = readFileSystemStatus(fd);
    const identity = identifyFileSystem(fd);
    if (identity?.startsWith('uuid:') !== true)
      expect(identity).toBe(fsid === 0n ? undefined : `fsid:${fsid.toString(16).padStart(16, '0')}`);
    closeFd(fd);
    return name;
  });
  expect(names).toEqual(['proc', 'sysfs', 'tmpfs']);
  const file = openPath('/etc/passwd', 0);
  expect(() => readBlockDeviceSize(file)).toThrow(expect.objectContaining({ code: 'ENOTTY', syscall: 'ioctl(BLKGETSIZE64)' }));
  closeFd(file);
});

it('freezes, reads and removes a subvolume of btrfs', async () => {
  await withLoopFilesystem('btrfs', 128, async (directory) => {
    const top = openPath(directory, O_DIRECTORY);
    createSubvolume(top, toCString('data'));
    mkdirSync(join(directory, 'plain'));
    const data = openPath(join(directory, 'data'), O_DIRECTORY);
    const plain = openPath(join(directory, 'plain'), O_DIRECTORY);
    expect([isSubvolumeRoot(top), isSubvolumeRoot(data), isSubvolumeRoot(plain)]).toEqual([true, true, false]);
    writeFileSync(join(directory, 'data/file'), 'before');
    const name = toCString(Buffer.from([0x73, 0xff]));
    createReadOnlySnapshot(data, top, name);
    writeFileSync(join(directory, 'data/file'), 'after');
    const frozen = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0x73, 0xff]), Buffer.from('/file')]);
    expect(readFileSync(frozen, 'utf8')).toBe('before');
    expect(() => writeFileSync(frozen, 'no')).toThrow(/EROFS/);
    expect(() => createReadOnlySnapshot(plain, top, toCString('x'))).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(() => createReadOnlySnapshot(data, top, name)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(() => createSubvolume(top, toCString('n'.repeat(256)))).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
    destroySubvolume(top, name);
    expect(() => readFileSync(frozen)).toThrow(/ENOENT/);
    expect(() => destroySubvolume(top, name)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    for (const fd of [top, data, plain]) closeFd(fd);
  });
});

it('locks a file for one opener at a time', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const path = join(dir.path, 'lock');
  const [first, second] = [openSync(path, 'w'), openSync(path, 'w')];
  expect([tryLockExclusive(first), tryLockExclusive(second), tryLockExclusive(first)]).toEqual([true, false, true]);
  expect(() => execFileSync('flock', ['-n', path, 'true'])).toThrow();
  unlock(first);
  expect(tryLockExclusive(second)).toBe(true);
  closeSync(second);
  expect(tryLockExclusive(first)).toBe(true);
  closeSync(first);
  expect(() => tryLockExclusive(first)).toThrow(expect.objectContaining({ code: 'EBADF' }));
});

it.skipIf(whyNoLoopFilesystem() !== undefined)('the fixture unmounts even while a descriptor is open, and says so', async () => {
  const disk = await mountLoopFilesystem('ext4', 16);
  const fd = openSync(disk.directory, 'r');
  await expect(disk[Symbol.asyncDispose]()).rejects.toThrow('Something still used');
  closeSync(fd);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(disk.directory);
});
