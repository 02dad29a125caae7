import type { BlobType } from '../../engine/blob-type.ts';
import { formatId } from '../../format/object-id.ts';
import type { BlobLocation } from '../../index/blob-index.ts';

/** A blob that is wanted. */
export interface BlobRequest {
  readonly type: BlobType;
  /** 32 bytes. */
  readonly id: Uint8Array;
}

/** A request and where its blob lies. */
export interface LocatedRequest<Request extends BlobRequest> {
  readonly request: Request;
  readonly place: BlobLocation;
}

/** A range of a pack that is read at once, with the blobs in it in their order. Bytes. */
export interface PackRange<Request extends BlobRequest> {
  /** 64 hexadecimal digits. */
  readonly packId: string;
  readonly offset: number;
  readonly length: number;
  readonly blobs: readonly LocatedRequest<Request>[];
}

/** What lies between two blobs is read along up to this: that takes less time than another call. */
const MAX_GAP_BYTES = 1 << 20;
const MAX_RANGE_BYTES = 16 << 20;

/** Puts requests together: pack by pack, those of a pack by offset, neighbours in one range. A blob above the limit has a range of its own. */
export function planReads<Request extends BlobRequest>(located: readonly LocatedRequest<Request>[]): PackRange<Request>[] {
  const packs = Map.groupBy(located, ({ place }) => formatId(place.packId));
  return Array.from(packs, ([packId, blobs]) => planPack(packId, blobs)).flat();
}

function planPack<Request extends BlobRequest>(packId: string, blobs: LocatedRequest<Request>[]): PackRange<Request>[] {
  const ranges: { packId: string; offset: number; length: number; blobs: LocatedRequest<Request>[] }[] = [];
  for (const blob of blobs.sort((a, b) => a.place.offset - b.place.offset)) {
    const { offset, length } = blob.place;
    const last = ranges.at(-1);
    const end = offset + length;
    if (last !== undefined && offset - (last.offset + last.length) <= MAX_GAP_BYTES && end - last.offset <= MAX_RANGE_BYTES) {
      last.length = Math.max(last.length, end - last.offset);
      last.blobs.push(blob);
    } else {
      ranges.push({ packId, offset, length, blobs: [blob] });
    }
  }
  return ranges;
}
