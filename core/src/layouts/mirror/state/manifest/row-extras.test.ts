import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DigestAlgorithm } from '../../../../contracts/call-options.ts';
import { decodeText } from '../../../../paths/rel-path.ts';
import { decodeExtras, encodeExtras, type RowExtras } from './row-extras.ts';

const time = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
const bytes = fc.uint8Array({ maxLength: 300 });
const text = bytes.map((value) => decodeText(value));
const metadata = fc.record(
  {
    atimeNs: time,
    birthtimeNs: time,
    flags: fc.nat(2 ** 31),
    xattrs: fc.array(fc.tuple(text, bytes)).map((pairs) => new Map(pairs)),
    user: text,
    group: text,
  },
  { requiredKeys: [] },
);
const digest = fc.record({ algorithm: fc.constantFrom<DigestAlgorithm>('blake3', 'md5'), value: bytes });
const extras: fc.Arbitrary<RowExtras> = fc.oneof(fc.record({ metadata }), fc.record({ metadata, digest }));

describe('extras of a row', () => {
  it('come back as they were, and what is not known stays unknown', () => {
    fc.assert(
      fc.property(extras, (value) => {
        expect(decodeExtras(encodeExtras(value))).toEqual(value);
      }),
    );
  });

  it('pass over fields of later versions', () => {
    const known = encodeExtras({ metadata: { flags: 7 } });
    const later = Buffer.from([200, 3, 0, 0, 0, 1, 2, 3]);
    expect(decodeExtras(Buffer.concat([later, known]))).toEqual({ metadata: { flags: 7 } });
  });
});
