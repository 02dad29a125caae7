import type { Sealer } from '../crypto/sealer.ts';
import { SEAL_OVERHEAD } from '../crypto/sealer.ts';
import { damaged } from '../damaged.ts';
import { ID_BYTES } from '../object-id.ts';
import type { RepositoryVersion } from '../repository-version.ts';
import { BlobList } from './blob-list.ts';
import { COMPRESSED_ENTRY_BYTES, ENTRY_BYTES, LENGTH_BYTES, MAX_HEADER_BYTES, MIN_PACK_BYTES } from './header-layout.ts';

/** Where the sealed header of a pack lies. */
export interface HeaderPlace {
  readonly start: number;
  readonly length: number;
}

/**
 * Where the header of a pack of `packBytes` lies, by the pack's last bytes, of which four are enough. Throws `state-damaged` for what
 * cannot be a header's length.
 */
export function locateHeader(tail: Uint8Array, packBytes: number): HeaderPlace {
  if (tail.length < LENGTH_BYTES || packBytes < MIN_PACK_BYTES) throw damaged('A pack is damaged: it is too short.');
  const length = new DataView(tail.buffer, tail.byteOffset, tail.length).getUint32(tail.length - LENGTH_BYTES, true);
  const start = packBytes - LENGTH_BYTES - length;
  if (length < SEAL_OVERHEAD + ENTRY_BYTES || length > MAX_HEADER_BYTES || start < 0) {
    throw damaged(`A pack is damaged: its header cannot have ${String(length)} bytes.`);
  }
  return { start, length };
}

/** The blobs of a pack by its sealed header, which begins at `start`. Throws `state-damaged`. */
export function openHeader(sealer: Sealer, sealed: Uint8Array, start: number, version: RepositoryVersion): BlobList {
  return decodeHeader(sealer.openOrThrow(sealed, "A pack's header"), start, version);
}

/**
 * The blobs that a header names, which lie one after the other from the pack's start to the header's. Throws `state-damaged`, also where
 * they leave a gap or a blob is compressed in version 1.
 */
export function decodeHeader(header: Uint8Array, start: number, version: RepositoryVersion): BlobList {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const blobs = new BlobList();
  let offset = 0;
  for (let at = 0; at < header.length; ) {
    const kind = header[at] as number;
    const isCompressed = kind === 2 || kind === 3;
    const size = isCompressed ? COMPRESSED_ENTRY_BYTES : ENTRY_BYTES;
    if (kind > 3 || (isCompressed && version === 1)) throw damaged(`A pack is damaged: it has a blob of type ${String(kind)}.`);
    if (at + size > header.length) throw damaged('A pack is damaged: its header ends within an entry.');
    const length = view.getUint32(at + 1, true);
    const uncompressedLength = isCompressed ? view.getUint32(at + 5, true) : 0;
    if (length < SEAL_OVERHEAD || offset + length > start || (isCompressed && uncompressedLength === 0)) {
      throw damaged('A pack is damaged: the length of a blob cannot be.');
    }
    at += size;
    const id = header.subarray(at - ID_BYTES, at);
    blobs.add({ type: kind % 2 === 1 ? 'tree' : 'data', id, offset, length, uncompressedLength });
    offset += length;
  }
  if (offset !== start || blobs.count === 0) throw damaged('A pack is damaged: its blobs do not reach to its header.');
  return blobs;
}

/** The header of blobs that lie one after the other, for sealing. */
export function encodeHeader(blobs: BlobList): Uint8Array {
  const header = new Uint8Array(entriesBytes(blobs));
  const view = new DataView(header.buffer);
  let at = 0;
  for (const { type, id, length, uncompressedLength } of blobs) {
    const isCompressed = uncompressedLength > 0;
    header[at] = (type === 'tree' ? 1 : 0) + (isCompressed ? 2 : 0);
    view.setUint32(at + 1, length, true);
    if (isCompressed) view.setUint32(at + 5, uncompressedLength, true);
    at += isCompressed ? COMPRESSED_ENTRY_BYTES : ENTRY_BYTES;
    header.set(id, at - ID_BYTES);
  }
  return header;
}

/** The bytes that a pack of these blobs has: one of another size is damaged, or the index is. */
export function expectedPackBytes(blobs: BlobList): number {
  const contents = blobs.lengths.reduce((sum, length) => sum + length, 0);
  return contents + entriesBytes(blobs) + SEAL_OVERHEAD + LENGTH_BYTES;
}

function entriesBytes(blobs: BlobList): number {
  const compressed = blobs.uncompressedLengths.reduce((count, length) => count + (length > 0 ? 1 : 0), 0);
  return blobs.count * ENTRY_BYTES + compressed * (COMPRESSED_ENTRY_BYTES - ENTRY_BYTES);
}
