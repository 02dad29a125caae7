import { ERRNO, errno, SystemCallError } from './errno.ts';
import { bindCall } from './libc.ts';

/** flock(2). Raw: 0 or -1. The lock belongs to the open file: closing its last descriptor, or the end of the process, releases it. */
const flock = bindCall<(fd: number, operation: number) => number>('flock', 'int flock(int, int)');

const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

/** Takes the lock for this open file alone, without waiting; false when another has it. @throws SystemCallError: ENOLCK, ENOTSUP */
export function tryLockExclusive(fd: number): boolean {
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return true;
  const failure = errno();
  if (failure === ERRNO.EAGAIN) return false;
  throw new SystemCallError('flock', failure);
}

/** @throws SystemCallError */
export function unlock(fd: number): void {
  if (flock(fd, LOCK_UN) < 0) throw new SystemCallError('flock', errno());
}
