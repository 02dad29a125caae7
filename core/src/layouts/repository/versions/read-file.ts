import type { ByteRange, CallOptions } from '../../../contracts/call-options.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { isHoldfastError } from '../../../errors/holdfast-error.ts';
import type { Node } from '../format/tree/node.ts';
import { mapParallel } from '../store/map-parallel.ts';
import type { Repository } from '../store/repository.ts';
import { fileDamaged, filePieces } from './file-pieces.ts';

/** Blobs of a file in memory at once: some 1.5 MB each, 8 MiB at most. */
const AHEAD = 4;

/** The bytes of a file, blob by blob, each proved before it is given. Rejects with `damaged`. */
export async function* readFile(
  repository: Repository,
  node: Node,
  path: RelPath,
  { range, signal }: CallOptions & { readonly range?: ByteRange },
): AsyncGenerator<Uint8Array, void> {
  const limit = Math.min(AHEAD, repository.objects.concurrency);
  const read = async ({ id, start, end }: ReturnType<typeof filePieces>[number]): Promise<Uint8Array> => {
    signal?.throwIfAborted();
    return (await repository.loadBlob('data', id)).subarray(start, end);
  };
  try {
    yield* mapParallel(filePieces(repository, node, path, range), limit, read);
  } catch (error) {
    if (!isHoldfastError(error, 'state-damaged')) throw error;
    throw fileDamaged(path, error.message.replace(/\.$/, ''));
  }
}
