import { WINDOW_BYTES } from './chunk-limits.ts';
import { degreeOf, type Polynomial, POLYNOMIAL_DEGREE, remainder } from './polynomial.ts';

/** What makes a Rabin fingerprint a table look-up for each byte; 256 entries each. */
export interface RabinTables {
  /** By the eight bits that a shift moves above the degree: what brings the fingerprint back below it. */
  readonly reduce: BigUint64Array<ArrayBuffer>;
  /** By the byte that leaves the window: its part of the fingerprint after the shift that pushed it out, b·x^(8·64). */
  readonly leave: BigUint64Array<ArrayBuffer>;
}

/** The tables of an irreducible polynomial of degree 53. Throws a RangeError for another degree. */
export function rabinTables(polynomial: Polynomial): RabinTables {
  const degree = degreeOf(polynomial);
  if (degree !== POLYNOMIAL_DEGREE)
    throw new RangeError(`A chunker's polynomial has degree ${POLYNOMIAL_DEGREE}, not ${degree}.`);
  const above = (byte: bigint): bigint => remainder(byte << BigInt(degree), polynomial) | (byte << BigInt(degree));
  const left = (byte: bigint): bigint => remainder(byte << BigInt(8 * WINDOW_BYTES), polynomial);
  return { reduce: tableOf(above), leave: tableOf(left) };
}

/** All bytes' values of a function that is linear over GF(2): those of single bits, combined. */
function tableOf(linear: (byte: bigint) => bigint): BigUint64Array<ArrayBuffer> {
  const table = new BigUint64Array(256);
  for (let bit = 1; bit < 256; bit <<= 1) {
    const value = linear(BigInt(bit));
    for (let lower = 0; lower < bit; lower++) table[bit | lower] = value ^ (table[lower] as bigint);
  }
  return table;
}
