import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameSorter } from './sort-names.ts';

const usual = new NameSorter();
/** Sorts as for a directory of more than two million names. */
const wide = new NameSorter(20);

function sorted(names: readonly Buffer[], sorter: NameSorter): Buffer[] {
  const zero = Buffer.from([0]);
  const bytes = Buffer.concat(names.flatMap((name) => [zero, name, zero]));
  const offsets = new Uint32Array(names.length);
  names.reduce((at, name, index) => {
    offsets[index] = at + 1;
    return at + name.length + 2;
  }, 0);
  sorter.sort(bytes, offsets, names.length);
  return Array.from(offsets, (offset) => bytes.subarray(offset, bytes.indexOf(0, offset)));
}

function check(names: readonly Buffer[]): void {
  const expected = [...names].sort((a, b) => Buffer.compare(a, b));
  for (const sorter of [usual, wide]) expect(sorted(names, sorter)).toEqual(expected);
}

const byte = fc.oneof(fc.constantFrom(0x61, 0x62, 0x2d, 0xff, 0x01), fc.integer({ min: 1, max: 255 }));
const name = fc.array(byte, { minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
const similar = fc
  .tuple(fc.constantFrom('', 'IMG_', 'a', 'aaaaaaaaaaaaaaaaa'), name)
  .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]));

/** Many share their first bytes with one or two others. */
const alike = fc.array(fc.constantFrom(0x61, 0x62), { minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes));

test('sorts as Buffer.compare does', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(similar, { maxLength: 200, size: 'max' }), fc.array(alike, { maxLength: 200, size: 'max' })),
      check,
    ),
    {
      numRuns: 500,
    },
  );
});

test('sorts names that begin alike, are beginnings of others, or come twice', () => {
  const chain = Array.from({ length: 60 }, (_, index) => Buffer.from('x'.repeat(60 - index)));
  check([...chain, ...chain.slice(20, 45)]);
  check(Array.from({ length: 40 }, () => Buffer.from('same')));
  check([]);
});
