import { expect, it } from 'vitest';
import { check, ERRNO, errno, errnoCode, failWith, SystemCallError } from './errno.ts';
import { withFaults, withFaultsAsync } from './fault-hooks.ts';
import { bindCall, bindSyscallNumber } from './libc.ts';

it('binds the C function itself when no test asked for faults', async () => {
  const raw = (): number => 7;
  expect(withFaults('read', raw)).toBe(raw);
  const rawAsync = async (): Promise<number> => 7;
  expect(withFaultsAsync('syncfs', rawAsync)).toBe(rawAsync);
});

it('reaches a call by its number where the library has no function for it', () => {
  const viaNumber = bindCall<() => number>('umask', 'int no_such_function(int)', { x64: 95, arm64: 166 }) as (
    mask: number,
  ) => number;
  const viaLibrary = bindCall<(mask: number) => number>('umask', 'int umask(int)');
  const before = viaLibrary(0o027);
  expect(viaNumber(0o022)).toBe(0o027);
  expect(
    bindSyscallNumber<(mask: number) => number>('umask', 'int umask(int)', process.arch === 'arm64' ? 166 : 95)(before),
  ).toBe(0o022);
  expect(() => bindCall('umask', 'int no_such_function(int)')).toThrow('no_such_function');
});

it('names errors, Linux ones included, and says what they mean', () => {
  expect([
    ERRNO.ENOENT,
    ERRNO.EUCLEAN,
    errnoCode(2),
    errnoCode(11),
    errnoCode(95),
    errnoCode(61),
    errnoCode(117),
    errnoCode(999),
  ]).toEqual([2, 117, 'ENOENT', 'EAGAIN', 'ENOTSUP', 'ENODATA', 'EUCLEAN', 'E999']);
  const error = new SystemCallError('openat', ERRNO.EUCLEAN, Buffer.from('dir/\xff\0rest', 'latin1'));
  expect(error).toMatchObject({ name: 'SystemCallError', syscall: 'openat', errno: 117, code: 'EUCLEAN', path: 'dir/\ufffd' });
  expect(error.message).toBe('openat "dir/\ufffd": EUCLEAN (the file system is damaged)');
  expect(error).toBeInstanceOf(Error);
  expect(failWith(28)).toBe(-1);
  expect(errno()).toBe(28);
  expect(() => check(-1, 'write')).toThrow('write: ENOSPC (no space left on device)');
  expect(check(5, 'write')).toBe(5);
});
