import type { CallOptions } from '../../../contracts/call-options.ts';
import type { RangeAnswer, RangeRequest } from '../../../contracts/source.ts';
import { HoldfastError, isHoldfastError } from '../../../errors/holdfast-error.ts';
import { formatId } from '../format/object-id.ts';
import type { Node } from '../format/tree/node.ts';
import type { Repository } from '../store/repository.ts';
import { fileDamaged, type FilePiece, filePieces } from './file-pieces.ts';

/** What is wanted of a blob: by which requests, and which part of it. */
interface WantedBlob {
  readonly type: 'data';
  readonly id: Uint8Array;
  readonly uses: { readonly index: number; readonly piece: FilePiece }[];
}

/** Ranges of many files as their blobs lie in packs: each blob is read once, whoever wants it. See `Source.readMany`. */
export async function* readRanges(
  repository: Repository,
  requests: readonly RangeRequest[],
  findNode: (request: RangeRequest) => Promise<Node>,
  options: CallOptions,
): AsyncGenerator<RangeAnswer, void> {
  const wanted = new Map<string, WantedBlob>();
  for (const [index, request] of requests.entries()) {
    try {
      const node = await findNode(request);
      for (const piece of filePieces(repository, node, request.entry.path, request.range)) {
        const key = formatId(piece.id);
        const blob = wanted.get(key);
        if (blob === undefined) wanted.set(key, { type: 'data', id: piece.id, uses: [{ index, piece }] });
        else blob.uses.push({ index, piece });
      }
    } catch (error) {
      yield failed(index, error);
    }
  }
  for await (const { request, bytes, error } of repository.readBlobs(wanted.values(), options)) {
    for (const { index, piece } of request.uses) {
      if (error === undefined) yield { index, offset: BigInt(piece.offset), bytes: bytes.subarray(piece.start, piece.end) };
      else yield failed(index, damagedIn(requests[index] as RangeRequest, error));
    }
  }
}

function damagedIn({ entry }: RangeRequest, error: HoldfastError): HoldfastError {
  return error.code === 'state-damaged' ? fileDamaged(entry.path, error.message.replace(/\.$/, '')) : error;
}

/** Of one request alone; what ends the run rejects. */
function failed(index: number, error: unknown): RangeAnswer {
  if (!isHoldfastError(error) || error.code === 'interrupted' || error.code === 'fenced') throw error;
  const { code, message, hint } = error;
  return { index, offset: 0n, bytes: new Uint8Array(0), error: { code, message, hint } };
}
