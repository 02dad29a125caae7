import type { ByteRange } from '../../../contracts/call-options.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../errors/holdfast-error.ts';
import { SEAL_OVERHEAD } from '../format/crypto/sealer.ts';
import { formatId, ID_BYTES } from '../format/object-id.ts';
import type { Node } from '../format/tree/node.ts';
import type { Repository } from '../store/repository.ts';

/** A blob of a file, or the part of it that is wanted. Bytes. */
export interface FilePiece {
  readonly id: Uint8Array;
  /** Where the piece begins in the file. */
  readonly offset: number;
  /** Which part of the blob it is. */
  readonly start: number;
  readonly end: number;
}

/**
 * The blobs of a file in its order, as far as they lie in `range`. Throws `damaged` for a blob that no index has, and where they do not add
 * up to the file's size.
 */
export function filePieces(repository: Repository, node: Node, path: RelPath, range?: ByteRange): FilePiece[] {
  const content = node.content ?? new Uint8Array(0);
  const pieces: FilePiece[] = [];
  const from = Number(range?.offset ?? 0n);
  const to = range === undefined ? Infinity : from + Number(range.length);
  let offset = 0;
  for (let at = 0; at < content.length; at += ID_BYTES) {
    const id = content.subarray(at, at + ID_BYTES);
    const length = blobBytes(repository, id, path);
    const [start, end] = [Math.max(0, from - offset), Math.min(length, to - offset)];
    if (start < end) pieces.push({ id, offset: offset + start, start, end });
    offset += length;
  }
  if (BigInt(offset) !== node.size) {
    throw fileDamaged(path, `its blobs have ${String(offset)} bytes, not the ${String(node.size)} that it is said to have`);
  }
  return pieces;
}

/** Why a file cannot be had. */
export function fileDamaged(path: RelPath, why: string): HoldfastError {
  return new HoldfastError('damaged', `"${path}" is damaged in the repository: ${why}.`, {
    path,
    hint: 'Restore it from another version or another copy; `holdfast repo check --read-data` tells what else is affected.',
  });
}

function blobBytes({ index, retiring }: Repository, id: Uint8Array, path: RelPath): number {
  const place = index.locate('data', id) ?? retiring.locate('data', id);
  if (place === undefined) throw fileDamaged(path, `the blob ${formatId(id)} is missing`);
  return place.uncompressedLength === 0 ? place.length - SEAL_OVERHEAD : place.uncompressedLength;
}
