import { faultBoard } from './enable-fault-hooks.ts';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { POSIX_FADV_DONTNEED, POSIX_FADV_SEQUENTIAL, POSIX_FADV_WILLNEED, posixFadvise } from './advise.ts';
import { check, ERRNO } from './errno.ts';
import {
  fdatasync,
  fsync,
  SYNC_FILE_RANGE_WAIT_AFTER,
  SYNC_FILE_RANGE_WAIT_BEFORE,
  SYNC_FILE_RANGE_WRITE,
  syncFile,
  syncFileRange,
  syncFileSystem,
  syncfs,
} from './sync.ts';

const SIZE = 1_048_576;
const WRITE_OUT = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
afterEach(() => faultBoard.setPlan([]));

/** What the device has done: sectors of 512 bytes written, flushes completed (Documentation/block/stat.rst). */
function deviceWork(device: string): { sectors: number; flushes: number } {
  const fields = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
    .trim()
    .split(/\s+/)
    .map(Number);
  return { sectors: fields[6]!, flushes: fields[15]! };
}

const SYNCS: readonly [name: string, flushes: boolean, sync: (fd: number) => unknown][] = [
  ['fsync', true, (fd) => check(fsync(fd), 'fsync')],
  ['fdatasync', true, (fd) => check(fdatasync(fd), 'fdatasync')],
  ['syncfs', true, (fd) => check(syncfs(fd), 'syncfs')],
  ['syncFile', true, syncFile],
  ['syncFileSystem', true, syncFileSystem],
  ['syncFileRange', false, (fd) => check(syncFileRange(fd, 0, SIZE, WRITE_OUT), 'sync_file_range')],
];

it('writes to the device, and all but sync_file_range flush it', async () => {
  await withLoopFilesystem('ext4', 64, async (directory) => {
    const device = execFileSync('findmnt', ['-no', 'SOURCE', directory]).toString().trim();
    for (const [name, flushes, sync] of SYNCS) {
      const fd = openSync(join(directory, name), 'w');
      writeSync(fd, Buffer.alloc(SIZE, name));
      const before = deviceWork(device);
      await sync(fd);
      const after = deviceWork(device);
      expect(after.sectors - before.sectors, name).toBeGreaterThanOrEqual(SIZE / 512);
      expect(after.flushes > before.flushes, name).toBe(flushes);
      closeSync(fd);
    }
  });
});

it('reports failures of all variants', async () => {
  const fd = openSync('/etc/passwd', 'r');
  faultBoard.setPlan([{ call: 'change', repeat: true, action: { errno: 'EIO' } }]);
  for (const [name, , sync] of SYNCS) await expect((async () => sync(fd))(), name).rejects.toMatchObject({ code: 'EIO' });
  closeSync(fd);
  faultBoard.setPlan([]);
  await expect(syncFileSystem(fd)).rejects.toMatchObject({
    code: 'EBADF',
    syscall: 'syncfs',
    message: 'syncfs: EBADF (bad file descriptor)',
  });
});

it('drops what was written from the cache when told so', async () => {
  await withLoopFilesystem('ext4', 64, async (directory) => {
    const path = join(directory, 'file');
    const fd = openSync(path, 'w');
    const cachedBytes = (): number => Number(execFileSync('fincore', ['-bno', 'RES', path]).toString());
    writeSync(fd, Buffer.alloc(SIZE));
    check(fsync(fd), 'fsync');
    expect(cachedBytes()).toBe(SIZE);
    expect(posixFadvise(fd, 0, 0, POSIX_FADV_DONTNEED)).toBe(0);
    expect(cachedBytes()).toBe(0);
    const reader = openSync(path, 'r');
    expect(posixFadvise(reader, 0, 0, POSIX_FADV_SEQUENTIAL)).toBe(0);
    expect(posixFadvise(reader, 0, 0, POSIX_FADV_WILLNEED)).toBe(0);
    expect(posixFadvise(reader, 0, 0, 99)).toBe(ERRNO.EINVAL);
    faultBoard.setPlan([{ call: 'posix_fadvise', action: { errno: 'ESPIPE' } }]);
    expect(posixFadvise(reader, 0, 0, POSIX_FADV_SEQUENTIAL)).toBe(ERRNO.ESPIPE);
    closeSync(reader);
    closeSync(fd);
  });
});
