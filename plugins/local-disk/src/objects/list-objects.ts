import { decodeText, joinPath } from '@holdfast/core/plugin';
import type { CallOptions, ObjectInfo, RelPath } from '@holdfast/core/plugin';
import { encodePath, isHoldfastError } from '@holdfast/core/plugin';
import { setImmediate } from 'node:timers/promises';
import { openIfThere } from '../store/ensure-directory.ts';
import { scratch } from '../store/scratch.ts';
import { isTempName } from '../store/temp-name.ts';
import { DirectoryReader } from '../syscalls/directory.ts';
import { ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { close } from '../syscalls/open.ts';
import { STATX_ALL, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import type { DiskRoot } from './disk-root.ts';
import { objectInfo } from './object-info.ts';

/** Objects in one page. */
const PAGE = 1_000;

/**
 * Everything below `prefix`, directory by directory. Only the names of directories that have yet to be listed are held. What is
 * unfinished, under a temporary name, is left out.
 */
export async function* listObjects(
  root: DiskRoot,
  prefix: RelPath,
  { signal }: CallOptions,
): AsyncGenerator<readonly ObjectInfo[]> {
  signal?.throwIfAborted();
  const waiting: RelPath[] = [prefix];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const page of listDirectory(root, directory)) {
      for (const { kind, key } of page) if (kind === 'directory') waiting.push(key);
      yield page;
      // The system calls hold this thread up: let others go on in between.
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
}

function* listDirectory(root: DiskRoot, directory: RelPath): Generator<readonly ObjectInfo[]> {
  const fd = openListed(root, directory);
  if (fd === undefined) return;
  try {
    const reader = new DirectoryReader(32_768);
    for (let more = true; more; ) {
      more = root.explain(directory, 'list', () => {
        reader.clear();
        return reader.append(fd);
      });
      const page = root.explain(directory, 'list', () => [...describeNames(reader, fd, directory)]);
      for (let start = 0; start < page.length; start += PAGE) yield page.slice(start, start + PAGE);
    }
  } finally {
    close(fd);
  }
}

/** Undefined where it is gone, or where it is no directory: then there is nothing below it. */
function openListed(root: DiskRoot, directory: RelPath): number | undefined {
  try {
    return root.explain(directory, 'list', () => openIfThere(root.fd, encodePath(directory)));
  } catch (error) {
    if (isHoldfastError(error, 'not-a-directory') || isHoldfastError(error, 'link-escapes')) return undefined;
    throw error;
  }
}

function* describeNames(reader: DirectoryReader, fd: number, directory: RelPath): Generator<ObjectInfo> {
  while (reader.next()) {
    const name = decodeText(reader.bytes.subarray(reader.nameOffset, reader.nameOffset + reader.nameLength));
    if (isTempName(name)) continue;
    const { target } = scratch;
    if (statx(fd, reader.nameAddress, STATX_NO_FOLLOW, STATX_ALL, target.address) === 0)
      yield objectInfo(joinPath(directory, name), target);
    else if (errno() !== ERRNO.ENOENT) throw new SystemCallError('statx', errno());
  }
}
