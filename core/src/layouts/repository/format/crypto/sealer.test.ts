import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitKey } from './master-key.ts';
import { authenticateOnce } from './one-time-auth.ts';
import { SEAL_OVERHEAD, Sealer } from './sealer.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** From restic's `internal/crypto` tests: r is not masked there. */
const key = {
  encrypt: hex('303e8687b1d7db18421bdc6bb8588ccadac4d59ee87b8ff70c44e635790cafef'),
  macK: hex('ef4d8824cb80b2bcc5fbff8a9b12a42c'),
  macR: hex('cc8d4b948ee0ebfe1d415de921d10353'),
};
const sealed = hex('69fb41c62d12def4593bd71757138606338f621aeaeb39da0fe4f99233f8037a54ea63338a813bcf3f75d8c3cc75dddf8750');

describe('Sealer', () => {
  it('opens what restic sealed, with r masked or not', () => {
    expect(new Sealer(key).open(sealed)).toEqual(Uint8Array.from(Buffer.from('Dies ist ein Test!')));
    const masked = { ...key, macR: hex('cc8d4b048ce0eb0e1c415d0920d10303') };
    expect(new Sealer(masked).open(sealed)).toEqual(Uint8Array.from(Buffer.from('Dies ist ein Test!')));
  });

  it('opens what it sealed, wherever it lies, and nothing that is other by a bit', () => {
    const sealer = new Sealer(key);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), fc.nat(100), fc.nat(), (plain, offset, bit) => {
        const target = new Uint8Array(plain.length + SEAL_OVERHEAD + offset + 7).fill(0xaa);
        const result = sealer.seal(plain, target, offset);
        expect(result.length).toBe(plain.length + SEAL_OVERHEAD);
        expect(result.byteOffset).toBe(offset);
        expect(target.subarray(0, offset).every((byte) => byte === 0xaa)).toBe(true);
        expect(target.subarray(offset + result.length).every((byte) => byte === 0xaa)).toBe(true);
        const broken = Uint8Array.from(result);
        const at = bit % (broken.length * 8);
        broken[at >> 3] = (broken[at >> 3] as number) ^ (1 << (at & 7));
        expect(sealer.open(broken)).toBeUndefined();
        expect(Buffer.compare(sealer.open(result) as Uint8Array, plain)).toBe(0);
        expect(Buffer.compare(sealer.open(result, result) as Uint8Array, plain)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('never takes the same counter twice, and counts over the border of 64 bits', () => {
    const sealer = new Sealer(key);
    const ivs = Array.from({ length: 2000 }, () => Buffer.from(sealer.sealed(new Uint8Array(0)).subarray(0, 16)).toString('hex'));
    expect(new Set(ivs).size).toBe(2000);
  });

  it.each([0, 1, 16, 31])('does not open %i bytes', (length) => {
    expect(new Sealer(key).open(new Uint8Array(length))).toBeUndefined();
    expect(() => new Sealer(key).openOrThrow(new Uint8Array(length), 'It')).toThrow(
      expect.objectContaining({ code: 'state-damaged' }),
    );
  });

  it('refuses keys of zeros, and a target without room', () => {
    const zero = new Uint8Array(32);
    for (const weak of [
      { ...key, encrypt: zero },
      { ...key, macK: zero.subarray(16) },
      { ...key, macR: zero.subarray(16) },
      { ...key, macK: zero },
    ]) {
      expect(() => new Sealer(weak)).toThrow(expect.objectContaining({ code: 'state-damaged' }));
    }
    expect(() => new Sealer(key).seal(new Uint8Array(10), new Uint8Array(41))).toThrow(RangeError);
  });

  it('does not open what has a counter of zeros', () => {
    const own = new Sealer(splitKey(new Uint8Array(64).fill(1)));
    expect(own.open(new Uint8Array(40))).toBeUndefined();
  });
});

it('authenticates as Poly1305-AES does', () => {
  // The first vectors of Bernstein's paper, with AES of the nonce computed there.
  const out = new Uint8Array(16);
  authenticateOnce(out, hex('f3f6'), hex('851fc40c3467ac0be05cc20404f3f700580b3b0f9447bb1e69d095b5928b6dbc'));
  expect(Buffer.from(out).toString('hex')).toBe('f4c633c3044fc145f84f335cb81953de');
});
