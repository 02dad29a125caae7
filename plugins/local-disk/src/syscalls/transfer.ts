import { ERRNO, errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';
import type { NativeBuffer, Pointer } from './native-buffer.ts';

/** read(2). Raw: bytes, 0 at the end, or -1. */
export const read = bindCall<(fd: number, buffer: Pointer, length: number) => number>(
  'read',
  'intptr_t read(int, void*, size_t)',
);

/** pread(2). Raw: bytes, 0 at the end, or -1. */
export const pread = bindCall<(fd: number, buffer: Pointer, length: number, offset: number) => number>(
  'pread',
  'intptr_t pread(int, void*, size_t, int64_t)',
);

/** write(2). Raw: bytes, perhaps fewer than asked, or -1. */
export const write = bindCall<(fd: number, buffer: Pointer, length: number) => number>(
  'write',
  'intptr_t write(int, void*, size_t)',
);

/** pwrite(2). Raw: bytes, perhaps fewer than asked, or -1. */
const pwrite = bindCall<(fd: number, buffer: Pointer, length: number, offset: number) => number>(
  'pwrite',
  'intptr_t pwrite(int, void*, size_t, int64_t)',
);

/** Reads until `length` bytes are there or the file ends. Returns the bytes read. @throws SystemCallError */
export function readFully(fd: number, memory: NativeBuffer, length: number, start = 0): number {
  let done = 0;
  while (done < length) {
    const count = read(fd, memory.address + start + done, length - done);
    if (count === 0) break;
    if (count > 0) done += count;
    else throwUnlessInterrupted('read');
  }
  return done;
}

/** Like {@link readFully} from a position of the file, which its own position does not change. @throws SystemCallError */
export function preadFully(fd: number, memory: NativeBuffer, length: number, offset: number, start = 0): number {
  let done = 0;
  while (done < length) {
    const count = pread(fd, memory.address + start + done, length - done, offset + done);
    if (count === 0) break;
    if (count > 0) done += count;
    else throwUnlessInterrupted('pread');
  }
  return done;
}

/** Writes all `length` bytes from `start` of the memory. @throws SystemCallError, after which an unknown part is written */
export function writeFully(fd: number, memory: NativeBuffer, length: number, start = 0): void {
  for (let done = 0; done < length; ) {
    const count = write(fd, memory.address + start + done, length - done);
    if (count > 0) done += count;
    else stopUnlessInterrupted('write', count);
  }
}

/** Like {@link writeFully} to a position of the file. @throws SystemCallError, after which an unknown part is written */
export function pwriteFully(fd: number, memory: NativeBuffer, length: number, offset: number, start = 0): void {
  for (let done = 0; done < length; ) {
    const count = pwrite(fd, memory.address + start + done, length - done, offset + done);
    if (count > 0) done += count;
    else stopUnlessInterrupted('pwrite', count);
  }
}

function throwUnlessInterrupted(syscall: string): void {
  const failure = errno();
  if (failure !== ERRNO.EINTR) throw new SystemCallError(syscall, failure);
}

/** A write of nothing would loop forever: write(2) promises at least one byte or an error, broken drivers may not. */
function stopUnlessInterrupted(syscall: string, count: number): void {
  if (count === 0) throw new SystemCallError(syscall, ERRNO.EIO);
  throwUnlessInterrupted(syscall);
}
