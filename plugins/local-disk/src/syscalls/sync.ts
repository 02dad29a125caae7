import { SystemCallError } from './errno.ts';
import { bindCall, bindCallAsync } from './libc.ts';

/** fsync(2). Raw: 0 or -1. After a failure the data may be lost even if the next call succeeds. */
export const fsync = bindCall<(fd: number) => number>('fsync', 'int fsync(int)');

/** fdatasync(2): without times and other metadata that reading does not need. Raw: 0 or -1. */
export const fdatasync = bindCall<(fd: number) => number>('fdatasync', 'int fdatasync(int)');

/** syncfs(2): the whole file system that holds `fd`. Raw: 0 or -1. Reports write errors since Linux 5.8. */
export const syncfs = bindCall<(fd: number) => number>('syncfs', 'int syncfs(int)');

const syncfsAsync = bindCallAsync<[fd: number]>('syncfs', 'int syncfs(int)');
const fsyncAsync = bindCallAsync<[fd: number]>('fsync', 'int fsync(int)');

/** syncfs(2) on another thread; `fd` must stay open until it resolves. Rejects with SystemCallError. */
export async function syncFileSystem(fd: number): Promise<void> {
  const failure = await syncfsAsync(fd);
  if (failure !== 0) throw new SystemCallError('syncfs', failure);
}

/** fsync(2) on another thread; `fd` must stay open until it resolves. Rejects with SystemCallError. */
export async function syncFile(fd: number): Promise<void> {
  const failure = await fsyncAsync(fd);
  if (failure !== 0) throw new SystemCallError('fsync', failure);
}

/**
 * sync_file_range(2). Raw: 0 or -1. Starts or awaits the writing of dirty pages, so that a later fsync has little left to do; by itself
 * it makes nothing durable.
 */
export const syncFileRange = bindCall<(fd: number, offset: number, length: number, flags: number) => number>(
  'sync_file_range',
  'int sync_file_range(int, int64_t, int64_t, unsigned int)',
  { x64: 277, arm64: 84 },
);

/** Flags of sync_file_range(2). */
export const SYNC_FILE_RANGE_WAIT_BEFORE = 1;
export const SYNC_FILE_RANGE_WRITE = 2;
export const SYNC_FILE_RANGE_WAIT_AFTER = 4;
