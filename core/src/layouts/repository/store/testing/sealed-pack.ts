import type { BlobType } from '../../engine/blob-type.ts';
import type { FinishedPack } from '../../engine/protocol.ts';
import { computeId } from '../../format/object-id.ts';
import { BlobList } from '../../format/pack/blob-list.ts';
import { encodeHeader } from '../../format/pack/pack-header.ts';
import type { Repository } from '../repository.ts';

/** A pack of these texts as an engine makes it, without compression. */
export function sealedPack({ sealer }: Repository, type: BlobType, texts: readonly string[]): FinishedPack {
  const blobs = new BlobList();
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const text of texts) {
    const sealed = sealer.sealed(Buffer.from(text));
    blobs.add({ type, id: computeId(Buffer.from(text)), offset, length: sealed.length, uncompressedLength: 0 });
    parts.push(sealed);
    offset += sealed.length;
  }
  const header = sealer.sealed(encodeHeader(blobs));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const bytes = new Uint8Array(Buffer.concat([...parts, header, length]));
  const { blobIds, lengths, uncompressedLengths } = blobs;
  return { id: computeId(bytes), bytes, type, blobIds, lengths, uncompressedLengths };
}
