import { errno, SystemCallError } from '../syscalls/errno.ts';
import { STATX_BASIC_STATS, statxFd } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { futimens, Times } from '../syscalls/times.ts';

const record = new StatxRecord();

/** Changes what is in an open directory and puts its times back, so that a copy of a directory keeps those of the original. @throws SystemCallError */
export function keepTimes<T>(directoryFd: number, change: () => T): T {
  if (statxFd(directoryFd, STATX_BASIC_STATS, record) < 0) throw new SystemCallError('statx', errno());
  const times = new Times().copyFrom(record);
  const outcome = change();
  // Times that cannot be put back are no reason to fail: the entry is where it belongs.
  futimens(directoryFd, times.address);
  return outcome;
}
