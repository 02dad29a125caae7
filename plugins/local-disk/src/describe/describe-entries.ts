import { encodePath, type Entry, type EntryMetadata } from '@holdfast/core/plugin';
import { explainFailure } from '../errors.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { DescribeRequest, DescribeResponse } from './describe-protocol.ts';
import { finishMetadata } from './raw-metadata.ts';

/** Entries of one task. */
const GROUP = 128;

/**
 * All metadata of what is at the paths of `entries` below an open directory now, in their order. Rejects with the error of the first
 * that cannot be read, which has its `path`.
 */
export async function describeEntries(
  rootFd: number,
  entries: readonly Entry[],
  pool: WorkerPool,
  signal: AbortSignal | undefined,
): Promise<EntryMetadata[]> {
  const tasks: Promise<EntryMetadata[]>[] = [];
  for (let start = 0; start < entries.length; start += GROUP) {
    tasks.push(describeGroup(rootFd, entries.slice(start, start + GROUP), pool, signal));
  }
  // All of them, so that none still uses the descriptor when the caller goes on.
  const settled = await Promise.allSettled(tasks);
  return settled.flatMap((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

async function describeGroup(
  rootFd: number,
  entries: readonly Entry[],
  pool: WorkerPool,
  signal: AbortSignal | undefined,
): Promise<EntryMetadata[]> {
  const zero = Buffer.alloc(1);
  const request: DescribeRequest = { rootFd, paths: Buffer.concat(entries.flatMap(({ path }) => [encodePath(path), zero])) };
  const { described, failure } = await pool.run<DescribeResponse>('describe', request, signal === undefined ? {} : { signal });
  const failed = entries[described.length];
  if (failure !== undefined && failed !== undefined) throw explainFailure(failure, failed.path);
  return described.map(finishMetadata);
}
