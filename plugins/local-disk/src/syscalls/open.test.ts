import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdtempDisposableSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toCString } from './c-string.ts';
import { mkdirat, mknodat, S_IFIFO } from './create.ts';
import { check, ERRNO, errno } from './errno.ts';
import { NativeBuffer } from './native-buffer.ts';
import { O_CREAT, O_DIRECT, O_DIRECTORY, O_EXCL, O_RDWR, O_WRONLY } from './open-flags.ts';
import { close, closeFd, duplicateFd, openat, openForReading, openPath } from './open.ts';
import { preadFully, pwriteFully } from './transfer.ts';

const isRoot = process.getuid?.() === 0;

it('reads without changing the access time, without following links and without waiting for FIFOs', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const path = join(dir.path, 'file');
  writeFileSync(path, 'content');
  utimesSync(path, 1, 1000);
  symlinkSync('file', join(dir.path, 'link'));
  const at = openPath(dir.path, O_DIRECTORY);
  check(mknodat(at, toCString('fifo'), S_IFIFO | 0o600, 0), 'mknodat');
  const memory = new NativeBuffer(100);
  const fd = check(openForReading(at, toCString('file')), 'openat');
  expect(preadFully(fd, memory, 100, 0)).toBe(7);
  expect(statSync(path).atimeMs).toBe(1000);
  closeFd(fd);
  expect(openForReading(at, toCString('link'))).toBe(-1);
  expect(errno()).toBe(ERRNO.ELOOP);
  closeFd(check(openForReading(at, toCString('fifo')), 'openat'));
  expect(openForReading(at, toCString('missing'))).toBe(-1);
  expect(errno()).toBe(ERRNO.ENOENT);
  closeFd(at);
});

it.skipIf(!isRoot)('opens files of others, whose access time it must not spare', async () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  chmodSync(dir.path, 0o755);
  writeFileSync(join(dir.path, 'file'), 'content', { mode: 0o644 });
  const at = openSync(dir.path, 'r');
  const script = `
    const { openat, openForReading } = await import(${JSON.stringify(import.meta.resolve('./open.ts'))});
    const { O_NOATIME } = await import(${JSON.stringify(import.meta.resolve('./open-flags.ts'))});
    process.setgroups([]); process.setgid(65534); process.setuid(65534);
    const name = Buffer.from('file\\0');
    console.log(openat(3, name, O_NOATIME, 0), openForReading(3, name) > 0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit', at] });
  expect((await child.stdout!.toArray()).join('')).toBe('-1 true\n');
  closeSync(at);
});

it('waits for a lease on the file to be given up', async () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  writeFileSync(join(dir.path, 'file'), 'content');
  const at = openPath(dir.path, O_DIRECTORY);
  // F_SETLEASE is 1024; a write lease (1) is broken with SIGIO by the next open, and given up with 2.
  const script = `
    import koffi from ${JSON.stringify(import.meta.resolve('koffi'))};
    import { openSync } from 'node:fs';
    const fcntl = koffi.load('libc.so.6').func('int fcntl(int, int, long)');
    const fd = openSync(${JSON.stringify(join(dir.path, 'file'))}, 'r+');
    process.on('SIGIO', () => { console.log('asked', fcntl(fd, 1024, 2)); process.exit(); });
    console.log('lease', fcntl(fd, 1024, 1));
    setTimeout(() => {}, 20_000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  expect(String((await once(holder.stdout, 'data'))[0])).toBe('lease 0\n');
  closeFd(check(openForReading(at, toCString('file')), 'openat'));
  expect((await holder.stdout.toArray()).join('')).toBe('asked 0\n');
  closeFd(at);
});

it('creates, duplicates and closes; refuses what exists', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  const name = toCString(Buffer.from([0x66, 0xff]));
  const fd = check(openat(at, name, O_WRONLY | O_CREAT | O_EXCL, 0o640), 'openat');
  expect(openat(at, name, O_WRONLY | O_CREAT | O_EXCL, 0o640)).toBe(-1);
  expect(errno()).toBe(ERRNO.EEXIST);
  expect(readdirSync(dir.path, { encoding: 'buffer' })).toEqual([Buffer.from([0x66, 0xff])]);
  const copy = duplicateFd(fd);
  closeFd(fd);
  closeFd(copy);
  expect(close(copy)).toBe(-1);
  expect(() => closeFd(copy)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'close' }));
  expect(() => duplicateFd(copy)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'dup' }));
  expect(() => openPath(join(dir.path, 'missing'), 0)).toThrow(
    expect.objectContaining({ code: 'ENOENT', path: join(dir.path, 'missing') }),
  );
  check(mkdirat(at, toCString('sub'), 0o700), 'mkdirat');
  closeFd(at);
});

it('bypasses the page cache with aligned memory', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openPath(join(dir.path, 'file'), O_RDWR | O_CREAT | O_DIRECT, 0o600);
  const memory = new NativeBuffer(3 * 4096);
  const aligned = (4096 - (memory.address % 4096)) % 4096;
  memory.bytes.fill('d', aligned, aligned + 4096);
  pwriteFully(fd, memory, 4096, 0, aligned);
  memory.bytes.fill(0);
  expect(preadFully(fd, memory, 4096, 0, aligned)).toBe(4096);
  expect(memory.bytes.toString('latin1', aligned, aligned + 4096)).toBe('d'.repeat(4096));
  expect(() => preadFully(fd, memory, 100, 0, aligned + 1)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  closeFd(fd);
});
