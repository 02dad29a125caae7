import { faultBoard } from './enable-fault-hooks.ts';
import { closeSync, mkdtempDisposableSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { copyRangeFully } from './copy-range.ts';
import { NativeBuffer } from './native-buffer.ts';
import { preadFully, pwriteFully, readFully, writeFully } from './transfer.ts';

afterEach(() => faultBoard.setPlan([]));
const content = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7919) & 0xff));

it('reads and writes everything although calls do less than asked and are interrupted', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const path = join(dir.path, 'file');
  const memory = new NativeBuffer(20_000);
  const fd = openSync(path, 'w+');
  memory.bytes.set(content, 5);
  for (const call of ['write', 'pwrite', 'read', 'pread'] as const) {
    faultBoard.setPlan([
      { call, nth: 1, repeat: true, action: { limitBytes: 999 } },
      { call, nth: 3, action: { errno: 'EINTR' } },
    ]);
    if (call === 'write') writeFully(fd, memory, content.length, 5);
    if (call === 'pwrite') pwriteFully(fd, memory, content.length, content.length, 5);
    if (call === 'read') {
      const reader = openSync(path, 'r');
      expect(readFully(reader, memory, 20_000)).toBe(20_000);
      closeSync(reader);
      expect(memory.bytes.equals(Buffer.concat([content, content]))).toBe(true);
    }
    if (call === 'pread') {
      memory.bytes.fill(0);
      expect(preadFully(fd, memory, 11_000, 10_000, 9_000)).toBe(10_000);
      expect(memory.bytes.subarray(9_000, 19_000).equals(content)).toBe(true);
    }
    expect(faultBoard.counts().byCall[call]).toBeGreaterThan(10);
  }
  closeSync(fd);
  expect(readFileSync(path).equals(Buffer.concat([content, content]))).toBe(true);
});

it('throws what went wrong', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const fd = openSync(join(dir.path, 'file'), 'w');
  const memory = new NativeBuffer(100);
  expect(() => readFully(fd, memory, 10)).toThrow(expect.objectContaining({ syscall: 'read', code: 'EBADF' }));
  expect(() => preadFully(fd, memory, 10, 0)).toThrow(expect.objectContaining({ syscall: 'pread', code: 'EBADF' }));
  faultBoard.setPlan([{ call: 'change', nth: 1, repeat: true, action: { errno: 'ENOSPC' } }]);
  expect(() => writeFully(fd, memory, 10)).toThrow(
    expect.objectContaining({ syscall: 'write', code: 'ENOSPC', message: 'write: ENOSPC (no space left on device)' }),
  );
  expect(() => pwriteFully(fd, memory, 10, 0)).toThrow(expect.objectContaining({ syscall: 'pwrite', code: 'ENOSPC' }));
  faultBoard.setPlan([{ call: 'write', action: { limitBytes: 0 } }]);
  expect(() => writeFully(fd, memory, 10)).toThrow(expect.objectContaining({ syscall: 'write', code: 'EIO' }));
  closeSync(fd);
});

it('copies ranges inside the kernel, in parts when it must, up to the end of the source', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  writeFileSync(join(dir.path, 'from'), content);
  const from = openSync(join(dir.path, 'from'), 'r');
  const to = openSync(join(dir.path, 'to'), 'w');
  faultBoard.setPlan([
    { call: 'copy_file_range', repeat: true, action: { limitBytes: 3000 } },
    { call: 'copy_file_range', nth: 2, action: { errno: 'EINTR' } },
  ]);
  expect(copyRangeFully(from, 100, to, 50, content.length)).toBe(content.length - 100);
  expect(readFileSync(join(dir.path, 'to')).equals(Buffer.concat([Buffer.alloc(50), content.subarray(100)]))).toBe(true);
  faultBoard.setPlan([{ call: 'copy_file_range', action: { errno: 'EXDEV' } }]);
  expect(copyRangeFully(from, 0, to, 0, 10)).toBeUndefined();
  faultBoard.setPlan([{ call: 'copy_file_range', action: { errno: 'EIO' } }]);
  expect(() => copyRangeFully(from, 0, to, 0, 10)).toThrow(expect.objectContaining({ code: 'EIO', syscall: 'copy_file_range' }));
  closeSync(from);
  closeSync(to);
});
