import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameSorter } from './sort-names.ts';

const sorter = new NameSorter();

function sorted(names: readonly Buffer[]): Buffer[] {
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
  expect(sorted(names)).toEqual([...names].sort((a, b) => Buffer.compare(a, b)));
}

const byte = fc.oneof(fc.constantFrom(0x61, 0x62, 0x2d, 0xff, 0x01), fc.integer({ min: 1, max: 255 }));
const name = fc.array(byte, { minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
const similar = fc
  .tuple(fc.constantFrom('', 'IMG_', 'a', 'aaaaaaaaaaaaaaaaa'), name)
  .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]));

test('sorts as Buffer.compare does', () => {
  fc.assert(fc.property(fc.array(similar, { maxLength: 200 }), check), { numRuns: 500 });
});

test('sorts names that begin alike, are beginnings of others, or come twice', () => {
  const chain = Array.from({ length: 60 }, (_, index) => Buffer.from('x'.repeat(60 - index)));
  check([...chain, ...chain.slice(20, 45)]);
  check(Array.from({ length: 40 }, () => Buffer.from('same')));
  check([]);
});

test('sorts more names than a number has room for with four bytes of each', () => {
  const count = 2 ** 21 + 1_000;
  const bytes = Buffer.alloc(count * 8);
  const offsets = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    offsets[index] = index * 8;
    bytes.write(((index * 1_000_003) % count).toString(36).padStart(7, '0'), index * 8, 'latin1');
  }
  sorter.sort(bytes, offsets, count);
  let wrong = 0;
  for (let index = 1; index < count; index++) {
    if (bytes.compare(bytes, offsets[index], offsets[index]! + 7, offsets[index - 1], offsets[index - 1]! + 7) >= 0) wrong++;
  }
  expect(wrong).toBe(0);
});
