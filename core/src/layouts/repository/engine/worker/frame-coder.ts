import type { Writable } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** What Node's own compressor objects do below their streams: one call, no copy. `writeState` then has what is left of output and input. */
interface RawCoder {
  readonly _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputAt: number,
      inputLength: number,
      output: Uint8Array,
      outputAt: number,
      outputLength: number,
    ): void;
  };
  readonly _writeState: Uint32Array;
}

type Code = (input: Uint8Array, output: Uint8Array) => number;

/** Most bytes that the frame of so many takes (zstd.h, ZSTD_COMPRESSBOUND, rounded up). */
export function frameBound(size: number): number {
  return size + (size >> 8) + 1024;
}

/**
 * Compresses to zstd frames with one context for all of them. Making a context for each costs ten times what compressing a small file
 * does, and that is all that Node's documented calls can; so this uses what is below them, and they serve where it is not there.
 */
export function frameCompressor(level: number): Code {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  const whole: Code = (input, output) =>
    place(zstdCompressSync(input, { chunkSize: frameBound(input.length), pledgedSrcSize: input.length, params }), output);
  return rawCode(createZstdCompress({ params }), constants.ZSTD_e_end) ?? whole;
}

/** Decompresses frames in the same way. The result is the length of what `output` then holds; a damaged frame gives -1. */
export function frameDecompressor(): Code {
  const whole: Code = (input, output) => {
    try {
      return place(zstdDecompressSync(input, { maxOutputLength: output.length + 1 }), output);
    } catch {
      return -1;
    }
  };
  return rawCode(createZstdDecompress(), constants.ZSTD_e_continue) ?? whole;
}

function rawCode(stream: unknown, flush: number): Code | undefined {
  const { _handle: handle, _writeState: state } = stream as Partial<RawCoder>;
  if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array)) return undefined;
  const owner = stream as Writable;
  owner.on('error', () => undefined);
  return (input, output) => {
    // Damaged data destroys the stream, at once, and what is below it must not be called again.
    if (!owner.destroyed) handle.writeSync(flush, input, 0, input.length, output, 0, output.length);
    const [roomLeft, inputLeft] = state as unknown as [number, number];
    return inputLeft === 0 && !owner.destroyed ? output.length - roomLeft : -1;
  };
}

function place(result: Uint8Array, output: Uint8Array): number {
  if (result.length > output.length) return -1;
  output.set(result);
  return result.length;
}
