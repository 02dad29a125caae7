/** CRC-32C (Castagnoli) as RFC 3720, appendix B.4 defines it, eight bytes at a step. */
export class Crc32c {
  #crc = 0xffffffff;

  update(bytes: Uint8Array): void {
    const tables = (crcTables ??= makeTables());
    let crc = this.#crc;
    let at = 0;
    for (const end = bytes.length - 7; at < end; at += 8) {
      const low =
        crc ^ (byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24));
      crc =
        entryAt(tables, 1792 + (low & 255)) ^
        entryAt(tables, 1536 + ((low >>> 8) & 255)) ^
        entryAt(tables, 1280 + ((low >>> 16) & 255)) ^
        entryAt(tables, 1024 + (low >>> 24)) ^
        entryAt(tables, 768 + byteAt(bytes, at + 4)) ^
        entryAt(tables, 512 + byteAt(bytes, at + 5)) ^
        entryAt(tables, 256 + byteAt(bytes, at + 6)) ^
        entryAt(tables, byteAt(bytes, at + 7));
    }
    for (; at < bytes.length; at++) crc = entryAt(tables, (crc ^ byteAt(bytes, at)) & 255) ^ (crc >>> 8);
    this.#crc = crc;
  }

  /** Four bytes, the most significant first. */
  value(): Uint8Array {
    const value = Buffer.alloc(4);
    value.writeUInt32BE((this.#crc ^ 0xffffffff) >>> 0);
    return value;
  }
}

const POLYNOMIAL = 0x82f63b78;
let crcTables: Int32Array | undefined;

/** Table k, 256 entries each, holds the effect of a byte with k zero bytes behind it. */
function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const crc = entryAt(tables, at - 256);
    tables[at] = entryAt(tables, crc & 255) ^ (crc >>> 8);
  }
  return tables;
}

// Indices are in range by construction; the casts keep the loops free of checks.
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] as number;
const entryAt = (table: Int32Array, at: number): number => table[at] as number;
