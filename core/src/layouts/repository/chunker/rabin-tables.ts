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
  const reduce = new BigUint64Array(256);
  const leave = new BigUint64Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const above = BigInt(byte) << BigInt(degree);
    reduce[byte] = remainder(above, polynomial) | above;
    leave[byte] = remainder(BigInt(byte) << BigInt(8 * WINDOW_BYTES), polynomial);
  }
  return { reduce, leave };
}
