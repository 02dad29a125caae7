import { formatId } from '../object-id.ts';
import type { PackedBlob } from '../pack/blob-list.ts';

/** What an index file says of a pack. */
export interface PackToIndex {
  readonly id: Uint8Array;
  readonly blobs: Iterable<PackedBlob>;
}

/** The JSON of an index file, as restic writes it. A pack must stand in one index file with all its blobs. */
export function writeIndex(packs: Iterable<PackToIndex>): Buffer {
  const parts = Array.from(packs, ({ id, blobs }) => {
    const entries = Array.from(blobs, (blob) => writeBlob(blob));
    return Buffer.from(`{"id":"${formatId(id)}","blobs":[${entries.join(',')}]}`);
  });
  const separated = parts.flatMap((part, index) => (index === 0 ? [part] : [COMMA, part]));
  return Buffer.concat([Buffer.from('{"packs":['), ...separated, Buffer.from(']}\n')]);
}

const COMMA = Buffer.from(',');

function writeBlob({ id, type, offset, length, uncompressedLength }: PackedBlob): string {
  const known = `{"id":"${formatId(id)}","type":"${type}","offset":${String(offset)},"length":${String(length)}`;
  return uncompressedLength === 0 ? `${known}}` : `${known},"uncompressed_length":${String(uncompressedLength)}}`;
}
