import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { damaged } from '../damaged.ts';

/** Output grows by this much at most before it is there: what a frame declares is not believed. */
const MAX_STEP_BYTES = 16 << 20;
const MARGIN_BYTES = 4 << 10;

/** One zstd frame (RFC 8878) of `plain`, without a checksum: its id and the seal say more. */
export function compressFrame(plain: Uint8Array, level = 3): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  return zstdCompressSync(plain, { chunkSize: plain.length + MARGIN_BYTES, pledgedSrcSize: plain.length, params });
}

/**
 * What `frame` was made of. Throws `state-damaged` for what is no frame, and for more than `maxBytes` before it is in memory. Memory for
 * `likelyBytes` is taken at once.
 */
export function decompressFrame(frame: Uint8Array, maxBytes: number, what: string, likelyBytes = maxBytes): Buffer {
  const maxOutputLength = Math.max(1, maxBytes);
  const chunkSize = Math.min(maxBytes, likelyBytes, MAX_STEP_BYTES) + MARGIN_BYTES;
  try {
    return zstdDecompressSync(frame, { maxOutputLength, chunkSize });
  } catch (cause) {
    throw damaged(`${what} is damaged: it cannot be decompressed.`, cause);
  }
}
