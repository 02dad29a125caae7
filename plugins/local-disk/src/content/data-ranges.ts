import type { ByteRange, RelPath } from '@holdfast/core/plugin';
import { close } from '../syscalls/open.ts';
import { findData } from '../syscalls/sparse.ts';
import { statFd } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { openFileBeneath } from './open-file.ts';

/** The ranges of a file below an open root that hold data, ascending, not overlapping; the rest of it reads as zeros. */
export async function* dataRanges(
  rootFd: number,
  path: RelPath,
  signal: AbortSignal | undefined,
): AsyncGenerator<ByteRange, void> {
  signal?.throwIfAborted();
  const fd = openFileBeneath(rootFd, path);
  try {
    const record = new StatxRecord();
    statFd(fd, record);
    const { size } = record;
    for (let found = findData(fd, 0, size); found !== undefined; found = findData(fd, found.end, size)) {
      yield { offset: BigInt(found.start), length: BigInt(found.end - found.start) };
      signal?.throwIfAborted();
    }
  } finally {
    close(fd);
  }
}
