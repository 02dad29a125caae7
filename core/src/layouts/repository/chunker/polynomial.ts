/**
 * Polynomials over GF(2) as bigint: bit i is the coefficient of x^i. restic's configuration holds an irreducible one of degree 53,
 * which makes the cuts of one repository unlike those of any other (restic/chunker, `polynomials.go`).
 */
export type Polynomial = bigint;

/** The degree that restic asks for: a fingerprint and eight bits more fit in 64 bits. */
export const POLYNOMIAL_DEGREE = 53;

/** -1 for zero. */
export function degreeOf(polynomial: Polynomial): number {
  return polynomial === 0n ? -1 : polynomial.toString(2).length - 1;
}

/** The remainder of a division by `modulus`, which must not be zero. */
export function remainder(polynomial: Polynomial, modulus: Polynomial): Polynomial {
  const degree = degreeOf(modulus);
  let rest = polynomial;
  for (let excess = degreeOf(rest) - degree; excess >= 0; excess = degreeOf(rest) - degree) rest ^= modulus << BigInt(excess);
  return rest;
}

/** Whether it has no factors but one and itself. Ben-Or's test: no x^(2^i) − x, i up to half the degree, has a factor in common with it. */
export function isIrreducible(polynomial: Polynomial): boolean {
  const degree = degreeOf(polynomial);
  if (degree < 1) return false;
  let power = 0b10n;
  for (let i = 1; i <= degree >> 1; i++) {
    power = squareModulo(power, polynomial);
    if (greatestCommonDivisor(polynomial, power ^ 0b10n) !== 1n) return false;
  }
  return true;
}

/**
 * An irreducible polynomial of degree 53 for a new repository. `randomBytes` gives that many random bytes, fit for secrets: who knows
 * the polynomial can tell known files by the lengths of their chunks.
 */
export function randomPolynomial(randomBytes: (count: number) => Uint8Array): Polynomial {
  for (;;) {
    const random = new DataView(Uint8Array.from(randomBytes(8)).buffer).getBigUint64(0, true);
    const polynomial = BigInt.asUintN(POLYNOMIAL_DEGREE, random) | (1n << BigInt(POLYNOMIAL_DEGREE)) | 1n;
    if (isIrreducible(polynomial)) return polynomial;
  }
}

/** In characteristic two the square of a sum is the sum of the squares: the bits move apart. */
function squareModulo(polynomial: Polynomial, modulus: Polynomial): Polynomial {
  const apart = [...polynomial.toString(2)].join('0');
  return remainder(BigInt(`0b${apart}`), modulus);
}

function greatestCommonDivisor(left: Polynomial, right: Polynomial): Polynomial {
  while (right !== 0n) [left, right] = [right, remainder(left, right)];
  return left;
}
