import type { BlobType } from '../../engine/blob-type.ts';
import { SEAL_OVERHEAD } from '../crypto/sealer.ts';
import { ID_BYTES } from '../object-id.ts';
import { JsonReader } from '../json/json-reader.ts';
import { rawValue } from '../json/raw-value.ts';
import { BlobList } from '../pack/blob-list.ts';
import type { RepositoryVersion } from '../repository-version.ts';

const MAX_U32 = 2 ** 32 - 1;

/** A pack as an index file has it. */
export interface IndexPack {
  readonly id: Uint8Array;
  readonly blobs: BlobList;
  /** rustic means to delete it: its blobs may be read, but nothing new may rely on them. */
  readonly isToDelete: boolean;
}

/**
 * The packs of an index file's JSON, one after the other. `bytes` must not change meanwhile. Throws `state-damaged`, also for compressed
 * blobs in version 1.
 */
export function* readIndex(bytes: Uint8Array, version: RepositoryVersion): Generator<IndexPack, void> {
  const reader = new JsonReader(bytes, 'An index of the repository');
  for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
    if (key !== 'packs' && key !== 'packs_to_delete') rawValue(reader);
    else if (!reader.isNull()) yield* readPacks(reader, version, key === 'packs_to_delete');
  }
  reader.end();
}

function* readPacks(reader: JsonReader, version: RepositoryVersion, isToDelete: boolean): Generator<IndexPack, void> {
  for (let more = reader.firstElement(); more; more = reader.nextElement()) {
    let id: Uint8Array | undefined;
    const blobs = new BlobList();
    for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
      if (key === 'id') id = reader.id();
      else if (key !== 'blobs') rawValue(reader);
      else if (!reader.isNull()) readBlobs(reader, version, blobs);
    }
    yield { id: id ?? reader.fail('a pack has no id'), blobs, isToDelete };
  }
}

function readBlobs(reader: JsonReader, version: RepositoryVersion, blobs: BlobList): void {
  for (let more = reader.firstElement(); more; more = reader.nextElement()) readBlob(reader, version, blobs);
}

function readBlob(reader: JsonReader, version: RepositoryVersion, blobs: BlobList): void {
  let id: Uint8Array = new Uint8Array(0);
  let type: BlobType | undefined;
  let offset = -1;
  let length = 0;
  let uncompressedLength = 0;
  for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
    if (key === 'id') id = reader.id();
    else if (key === 'type') type = readType(reader);
    else if (key === 'offset') offset = reader.integer(MAX_U32);
    else if (key === 'length') length = reader.integer(MAX_U32);
    else if (key !== 'uncompressed_length') rawValue(reader);
    else if (!reader.isNull()) uncompressedLength = reader.integer(MAX_U32);
  }
  if (id.length !== ID_BYTES || type === undefined || offset < 0) return reader.fail('a blob lacks a field');
  if (length < SEAL_OVERHEAD || offset + length > MAX_U32) reader.fail('the length of a blob cannot be');
  if (version === 1 && uncompressedLength > 0) reader.fail('a blob is compressed, which version 1 does not know');
  blobs.add({ type, id, offset, length, uncompressedLength });
}

function readType(reader: JsonReader): BlobType {
  const type = reader.string();
  return type === 'data' || type === 'tree' ? type : reader.fail('a blob is neither data nor tree');
}
