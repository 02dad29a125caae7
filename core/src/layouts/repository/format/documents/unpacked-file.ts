import type { Sealer } from '../crypto/sealer.ts';
import { damaged } from '../damaged.ts';
import { computeId, isSameId } from '../object-id.ts';
import { compressFrame, decompressFrame } from '../pack/zstd-frame.ts';
import type { RepositoryVersion } from '../repository-version.ts';

/** The first byte of what is compressed; JSON begins otherwise. */
const COMPRESSED = 0x02;
/** More than the largest index that is written: one whose packs have headers of the largest size. */
export const MAX_UNPACKED_BYTES = 256 << 20;

/** JSON with ids in it is compressed by less. */
const LIKELY_RATIO = 8;

/** A file that is no pack: its name and its bytes. */
export interface StoredFile {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** An index, snapshot or lock as it is stored. (A key is stored as it is, and the configuration by `sealConfig`.) */
export function sealUnpacked(sealer: Sealer, json: Uint8Array, version: RepositoryVersion): StoredFile {
  const bytes = sealer.sealed(version === 1 ? json : Buffer.concat([Buffer.of(COMPRESSED), compressFrame(json)]));
  return { id: computeId(bytes), bytes };
}

/**
 * The JSON of a file as it is stored. Throws `state-damaged` where it is not what its name, `id`, says, was not sealed with this key, or
 * is larger than `maxBytes`. `what` names it in messages.
 */
export function openUnpacked(sealer: Sealer, file: StoredFile, what: string, maxBytes = MAX_UNPACKED_BYTES): Uint8Array {
  if (!isSameId(computeId(file.bytes), file.id)) throw damaged(`${what} is damaged: it is not what its name says.`);
  return decodeUnpacked(sealer.openOrThrow(file.bytes, what), what, maxBytes);
}

/** The JSON in the plaintext of such a file. */
export function decodeUnpacked(plain: Uint8Array, what: string, maxBytes = MAX_UNPACKED_BYTES): Uint8Array {
  const first = plain[0];
  if (first === COMPRESSED) return decompressFrame(plain.subarray(1), maxBytes, what, plain.length * LIKELY_RATIO);
  if (first !== 0x7b && first !== 0x5b) throw damaged(`${what} is damaged: it begins with no byte that is known.`);
  if (plain.length > maxBytes) throw damaged(`${what} is damaged: it is larger than it can be.`);
  return plain;
}
