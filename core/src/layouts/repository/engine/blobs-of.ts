import { ID_BYTES } from '../format/object-id.ts';
import { BlobList } from '../format/pack/blob-list.ts';
import type { FinishedPack } from './protocol.ts';

/** The blobs of a finished pack with their places in it, for index files and the index in memory. */
export function blobsOf({ type, blobIds, lengths, uncompressedLengths }: FinishedPack): BlobList {
  const blobs = new BlobList();
  let offset = 0;
  for (const [index, length] of lengths.entries()) {
    const id = blobIds.subarray(index * ID_BYTES, (index + 1) * ID_BYTES);
    blobs.add({ type, id, offset, length, uncompressedLength: uncompressedLengths[index] as number });
    offset += length;
  }
  return blobs;
}
