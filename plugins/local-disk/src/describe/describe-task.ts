import { noteFailure } from '../store/failure-note.ts';
import { enter } from '../store/step.ts';
import { DirectoryHandle } from '../content/directory-handle.ts';
import type { TaskContext } from '../workers/worker-protocol.ts';
import type { DescribeRequest, DescribeResponse } from './describe-protocol.ts';
import type { RawMetadata } from './raw-metadata.ts';
import { readMetadata } from './read-metadata.ts';

/** The task `describe`: reads all metadata of some entries. */
export function run({ rootFd, paths }: DescribeRequest, context: TaskContext<never>): DescribeResponse {
  enter('source', 'read the metadata of');
  const directory = new DirectoryHandle(rootFd);
  const described: RawMetadata[] = [];
  try {
    for (let start = 0; start < paths.length; ) {
      context.throwIfAborted();
      const end = paths.indexOf(0, start);
      described.push(readMetadata(directory.placeOf(paths.subarray(start, end))));
      start = end + 1;
    }
    return { described };
  } catch (error) {
    context.throwIfAborted();
    return { described, failure: noteFailure(error) };
  } finally {
    directory.close();
  }
}
