import { type ChunkLimits, WINDOW_BYTES } from '../chunk-limits.ts';
import { type Polynomial, remainder } from '../polynomial.ts';

/**
 * The lengths of the chunks of `data`, found as restic's description of its chunker says, byte by byte and with nothing left out: the
 * window that begins with a one, both tables from their definitions. Slow; for comparison in tests.
 */
export function referenceChunks(
  data: Uint8Array,
  polynomial: Polynomial,
  { minBytes, maxBytes, splitBits }: ChunkLimits,
): number[] {
  const slide = slidingWindow(polynomial);
  const mask = (1 << splitBits) - 1;
  const lengths: number[] = [];
  for (let start = 0; start < data.length; start += lengths.at(-1) ?? 0) {
    slide.reset();
    let count = minBytes - WINDOW_BYTES;
    for (let isCut = false; !isCut && start + count < data.length; ) {
      const low = slide.push(data[start + count] as number);
      count++;
      isCut = count >= minBytes && ((low & mask) === 0 || count >= maxBytes);
    }
    lengths.push(Math.min(count, data.length - start));
  }
  return lengths;
}

/** The digest in two halves of 32 bits, which is fast enough for megabytes; `push` gives the low one. */
function slidingWindow(polynomial: Polynomial): { reset(): void; push(byte: number): number } {
  const out = halves((byte) => remainder(byte << BigInt(8 * (WINDOW_BYTES - 1)), polynomial));
  const mod = halves((byte) => remainder(byte << 53n, polynomial) | (byte << 53n));
  const window = new Uint8Array(WINDOW_BYTES);
  let [high, low, position] = [0, 0, 0];
  const push = (byte: number): number => {
    const leaving = window[position] as number;
    window[position] = byte;
    position = (position + 1) % WINDOW_BYTES;
    high ^= out.high[leaving] as number;
    low ^= out.low[leaving] as number;
    const index = (high >>> 13) & 255;
    high = ((high << 8) | (low >>> 24)) ^ (mod.high[index] as number);
    low = ((low << 8) | byte) ^ (mod.low[index] as number);
    return low;
  };
  const reset = (): void => {
    window.fill(0);
    [high, low, position] = [0, 0, 0];
    push(1);
  };
  return { reset, push };
}

function halves(entry: (byte: bigint) => bigint): { readonly high: Int32Array; readonly low: Int32Array } {
  const entries = Array.from({ length: 256 }, (_, byte) => entry(BigInt(byte)));
  return {
    high: Int32Array.from(entries, (value) => Number(BigInt.asIntN(32, value >> 32n))),
    low: Int32Array.from(entries, (value) => Number(BigInt.asIntN(32, value))),
  };
}
