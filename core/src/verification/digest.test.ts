import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import type { DigestAlgorithm } from '../contracts/call-options.ts';
import { createDigest, digestBytes, digestOf, equalDigests, formatDigest, measureChunks } from './digest.ts';

/** Digests of the nine bytes `123456789`: the check values of the CRC catalogue (reveng), and of b3sum, sha256sum, sha1sum and md5sum. */
const checkValues: Readonly<Record<DigestAlgorithm, string>> = {
  crc32c: 'e3069283',
  crc64nvme: 'ae8b14860a799888',
  blake3: 'b7d65b48420d1033cb2595293263b6f72eabee20d55e699d0df1973b3c9deed1',
  sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  md5: '25f9e794323b453885f5181f1b624d0b',
};
const algorithms = Object.keys(checkValues) as DigestAlgorithm[];

test.each(algorithms)('%s gives its published check value', (algorithm) => {
  expect(formatDigest(digestBytes(algorithm, Buffer.from('123456789')))).toBe(`${algorithm}:${checkValues[algorithm]}`);
});

test.each(algorithms)('%s does not depend on how the bytes are cut', (algorithm) => {
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
    const stream = createDigest(algorithm);
    for (const chunk of chunks) stream.update(chunk);
    expect(stream.digest()).toEqual(digestBytes(algorithm, Buffer.concat(chunks)));
  });
  fc.assert(property);
});

test('the eight-byte steps of the CRCs agree with one byte at a time', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 200 }),
      fc.constantFrom('crc32c' as const, 'crc64nvme' as const),
      (bytes, algorithm) => {
        const single = createDigest(algorithm);
        for (const byte of bytes) single.update(Uint8Array.of(byte));
        expect(single.digest()).toEqual(digestBytes(algorithm, bytes));
      },
    ),
  );
});

test('a stream is counted and hashed', async () => {
  async function* chunks() {
    yield Buffer.from('1234');
    yield Buffer.from('56789');
  }
  const { digest, size } = await measureChunks(chunks(), 'sha256');
  expect(size).toBe(9n);
  expect(equalDigests(digest, digestBytes('sha256', Buffer.from('123456789')))).toBe(true);
  expect(await digestOf(chunks(), 'sha256')).toEqual(digest);
});

test('digests of other algorithms or values are not equal', () => {
  const bytes = Buffer.from('a');
  expect(equalDigests(digestBytes('sha256', bytes), digestBytes('blake3', bytes))).toBe(false);
  expect(equalDigests(digestBytes('sha256', bytes), digestBytes('sha256', Buffer.from('b')))).toBe(false);
});
