import type { Sealer } from '../crypto/sealer.ts';
import { damaged } from '../damaged.ts';
import { computeId, formatId, isSameId } from '../object-id.ts';
import type { PackedBlob } from './blob-list.ts';
import { decompressFrame } from './zstd-frame.ts';

/** The plaintext of a blob. Throws `state-damaged` unless it is what its id says. */
export function openBlob(sealer: Sealer, sealed: Uint8Array, blob: Pick<PackedBlob, 'id' | 'uncompressedLength'>): Uint8Array {
  const what = `The blob ${formatId(blob.id)}`;
  const content = sealer.openOrThrow(sealed, what);
  const { uncompressedLength } = blob;
  const plain = uncompressedLength === 0 ? content : decompressFrame(content, uncompressedLength, what);
  if (uncompressedLength !== 0 && plain.length !== uncompressedLength)
    throw damaged(`${what} is damaged: it has another length.`);
  if (!isSameId(computeId(plain), blob.id)) throw damaged(`${what} is damaged: it is not what its id says.`);
  return plain;
}
