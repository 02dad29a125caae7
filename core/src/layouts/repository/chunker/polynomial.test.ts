import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { degreeOf, isIrreducible, randomPolynomial, remainder } from './polynomial.ts';

test('tells degrees and remainders', () => {
  expect([0n, 1n, 2n, 0x3da3358b4dc173n].map(degreeOf)).toEqual([-1, 0, 1, 53]);
  // x^8 + x^4 + x^3 + x + 1, the field of AES: 0x53 and 0xca are inverse to each other, and their product is 0x3f7e.
  expect(remainder(0x3f7en, 0x11bn)).toBe(1n);
});

test('knows every irreducible polynomial up to degree 10, by trial division', () => {
  for (let candidate = 2n; candidate < 2048n; candidate++) {
    let hasFactor = false;
    for (let factor = 2n; degreeOf(factor) * 2 <= degreeOf(candidate); factor++)
      hasFactor ||= remainder(candidate, factor) === 0n;
    expect(isIrreducible(candidate), candidate.toString(2)).toBe(!hasFactor);
  }
});

test('takes polynomials that restic chose, and none beside them that has a factor', () => {
  expect(isIrreducible(0x3da3358b4dc173n)).toBe(true);
  expect(isIrreducible(0x3da3358b4dc172n)).toBe(false);
  expect(isIrreducible(0x3da3358b4dc170n)).toBe(false);
});

test('finds irreducible polynomials of degree 53, each time another', () => {
  const found = Array.from({ length: 3 }, () => randomPolynomial(randomBytes));
  for (const polynomial of found) {
    expect(degreeOf(polynomial)).toBe(53);
    expect(isIrreducible(polynomial)).toBe(true);
  }
  expect(new Set(found).size).toBe(3);
});
