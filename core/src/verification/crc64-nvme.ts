/** CRC-64/NVME (NVM Express NVM Command Set Specification, 5.2.1.3.4), in two halves of 32 bits, eight bytes at a step. */
export class Crc64Nvme {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(bytes: Uint8Array): void {
    const { highs, lows } = (crcTables ??= makeTables());
    let high = this.#high;
    let low = this.#low;
    let at = 0;
    for (const end = bytes.length - 7; at < end; at += 8) {
      low ^= wordAt(bytes, at);
      high ^= wordAt(bytes, at + 4);
      const a = 1792 + (low & 255);
      const b = 1536 + ((low >>> 8) & 255);
      const c = 1280 + ((low >>> 16) & 255);
      const d = 1024 + (low >>> 24);
      const e = 768 + (high & 255);
      const f = 512 + ((high >>> 8) & 255);
      const g = 256 + ((high >>> 16) & 255);
      const h = high >>> 24;
      low = xorOf(lows, a, b, c, d) ^ xorOf(lows, e, f, g, h);
      high = xorOf(highs, a, b, c, d) ^ xorOf(highs, e, f, g, h);
    }
    for (; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] as number)) & 255;
      low = (lows[index] as number) ^ ((low >>> 8) | (high << 24));
      high = (highs[index] as number) ^ (high >>> 8);
    }
    this.#high = high;
    this.#low = low;
  }

  /** Eight bytes, the most significant first. */
  value(): Uint8Array {
    const value = Buffer.alloc(8);
    value.writeUInt32BE(~this.#high >>> 0, 0);
    value.writeUInt32BE(~this.#low >>> 0, 4);
    return value;
  }
}

interface Tables {
  readonly highs: Int32Array;
  readonly lows: Int32Array;
}

const POLYNOMIAL_HIGH = 0x9a6c9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;
let crcTables: Tables | undefined;

/** Table k, 256 entries each, holds the effect of a byte with k zero bytes behind it. */
function makeTables(): Tables {
  const highs = new Int32Array(8 * 256);
  const lows = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) {
        low ^= POLYNOMIAL_LOW;
        high ^= POLYNOMIAL_HIGH;
      }
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  for (let at = 256; at < highs.length; at++) {
    const high = highs[at - 256] as number;
    const low = lows[at - 256] as number;
    lows[at] = (lows[low & 255] as number) ^ ((low >>> 8) | (high << 24));
    highs[at] = (highs[low & 255] as number) ^ (high >>> 8);
  }
  return { highs, lows };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function xorOf(table: Int32Array, a: number, b: number, c: number, d: number): number {
  return (table[a] as number) ^ (table[b] as number) ^ (table[c] as number) ^ (table[d] as number);
}
