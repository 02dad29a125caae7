import fc from 'fast-check';
import { createCipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { resticLimits } from './chunk-limits.ts';
import { RabinChunker } from './rabin-chunker.ts';
import { referenceChunks } from './testing/reference-chunker.ts';

const polynomial = 0x3da3358b4dc173n;

/** The input of restic/chunker's own tests in the form of the published vectors: a keystream of AES-256 in counter mode, all keys zero. */
const keystream = createCipheriv('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16)).update(Buffer.alloc(32 << 20));

const lengthsAt20Bits = [
  551133, 640712, 2766582, 898583, 2782732, 2263350, 531615, 1191198, 3039727, 3056265, 6102139, 872917, 919848, 1608882, 1844092,
  1605195, 2879462,
];
const lengthsAt19Bits = [
  551133, 640712, 2173121, 593461, 656634, 3024681, 2263350, 531615, 1191198, 1762244, 694117, 583366, 649247, 1898212, 695950,
  914839, 835522, 724661, 1931051, 1508922, 869236, 754167, 670263, 773699, 716873, 554236, 809131, 1388966, 558373, 2635452,
];

function chunk(data: Uint8Array, limits = resticLimits): number[] {
  const chunker = new RabinChunker(polynomial, limits, data.length);
  chunker.data.set(data);
  return lengths(chunker.cut(0, data.length, true));
}

const lengths = (ends: readonly number[]): number[] => ends.map((end, index) => end - (ends[index - 1] ?? 0));

test('cuts where restic cuts', () => {
  expect(chunk(keystream)).toEqual(lengthsAt20Bits);
  expect(chunk(keystream, { ...resticLimits, splitBits: 19 })).toEqual(lengthsAt19Bits);
  expect(chunk(keystream, { minBytes: 16 << 20, maxBytes: 32 << 20, splitBits: 20 })).toEqual([17721897, 15832535]);
  expect(chunk(new Uint8Array(2 << 20))).toEqual([524288, 524288, 524288, 524288]);
});

test('the reference cuts there too', () => {
  expect(referenceChunks(keystream, polynomial, resticLimits)).toEqual(lengthsAt20Bits);
});

test('cuts at the largest size where the data gives no reason', () => {
  // Of period one, all fingerprints are the same: that of 64 times 0x01 has bits in the mask.
  const data = new Uint8Array((20 << 20) + 5).fill(1);
  expect(chunk(data)).toEqual([8 << 20, 8 << 20, (4 << 20) + 5]);
});

test.each([0, 1, 63, 64, 524287, 524288, 524289])('a file of %i bytes', (size) => {
  const data = keystream.subarray(0, size);
  expect(chunk(data)).toEqual(referenceChunks(data, polynomial, resticLimits));
});

test('lanes, single bytes and borders find what the reference finds', () => {
  const limits = fc.record({
    minBytes: fc.integer({ min: 64, max: 6000 }),
    extra: fc.integer({ min: 0, max: 300_000 }),
    splitBits: fc.integer({ min: 4, max: 17 }),
  });
  const part = fc.record({
    kind: fc.constantFrom('random', 'zeros', 'period'),
    size: fc.integer({ min: 0, max: 200_000 }),
    at: fc.nat(1 << 24),
  });
  fc.assert(
    fc.property(limits, fc.array(part, { maxLength: 4 }), ({ minBytes, extra, splitBits }, parts) => {
      const data = Buffer.concat(parts.map(({ kind, size, at }) => piece(kind, size, at)));
      const chosen = { minBytes, maxBytes: minBytes + extra, splitBits };
      expect(chunk(data, chosen)).toEqual(referenceChunks(data, polynomial, chosen));
    }),
    { numRuns: 60 },
  );
});

function piece(kind: string, size: number, at: number): Buffer {
  if (kind === 'random') return keystream.subarray(at, at + size);
  return kind === 'zeros' ? Buffer.alloc(size) : Buffer.alloc(size, keystream.subarray(at, at + 1 + (at % 97)));
}

test('finds the same cuts when the data comes in pieces', () => {
  const capacity = resticLimits.maxBytes;
  const chunker = new RabinChunker(polynomial, resticLimits, capacity);
  const found: number[] = [];
  for (let position = 0; position < keystream.length; ) {
    const piece = keystream.subarray(position, position + capacity);
    chunker.data.set(piece);
    const isLast = position + piece.length === keystream.length;
    const ends = chunker.cut(0, piece.length, isLast);
    found.push(...lengths(ends));
    position += ends.at(-1) ?? Infinity;
  }
  expect(found).toEqual(lengthsAt20Bits);
});

test('refuses a polynomial of another degree', () => {
  expect(() => new RabinChunker(0x11bn, resticLimits, 1 << 20)).toThrow(RangeError);
});
