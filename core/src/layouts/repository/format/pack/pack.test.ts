import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { randomKey } from '../crypto/master-key.ts';
import { Sealer } from '../crypto/sealer.ts';
import { computeId } from '../object-id.ts';
import { BlobList, type PackedBlob } from './blob-list.ts';
import { MAX_HEADER_BYTES, PACK_TAIL_BYTES } from './header-layout.ts';
import { openBlob } from './open-blob.ts';
import { decodeHeader, encodeHeader, expectedPackBytes, locateHeader, openHeader } from './pack-header.ts';
import { compressFrame, decompressFrame } from './zstd-frame.ts';

const damagedError = expect.objectContaining({ code: 'state-damaged' }) as Error;
const sealer = new Sealer(randomKey());

interface Draft {
  readonly type: 'data' | 'tree';
  readonly length: number;
  readonly uncompressedLength: number;
  readonly id: Uint8Array;
}
const draft: fc.Arbitrary<Draft> = fc.record({
  type: fc.constantFrom('data', 'tree'),
  length: fc.integer({ min: 32, max: 2 ** 20 }),
  uncompressedLength: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  id: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});

function toList(drafts: readonly Draft[]): { readonly list: BlobList; readonly end: number; readonly blobs: PackedBlob[] } {
  const list = new BlobList();
  let offset = 0;
  const blobs = drafts.map((each) => {
    const blob = { ...each, offset };
    list.add(blob);
    offset += each.length;
    return blob;
  });
  return { list, end: offset, blobs };
}

describe("a pack's header", () => {
  it('says of any blobs what they are', () => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 60 }), (drafts) => {
        const { list, end, blobs } = toList(drafts);
        const header = encodeHeader(list);
        expect([...decodeHeader(header, end, 2)]).toEqual(blobs);
        expect(expectedPackBytes(list)).toBe(end + header.length + 36);
        expect(list.blobIds.length).toBe(list.count * 32);
      }),
      { numRuns: 200 },
    );
  });

  it('has the bytes of the format', () => {
    const id = Uint8Array.from({ length: 32 }, (_, index) => index);
    const { list } = toList([
      { type: 'data', length: 0x102, uncompressedLength: 0, id },
      { type: 'tree', length: 0x30405, uncompressedLength: 0x1020304, id },
    ]);
    const digits = Buffer.from(id).toString('hex');
    expect(Buffer.from(encodeHeader(list)).toString('hex')).toBe(`0002010000${digits}030504030004030201${digits}`);
  });

  it('is found by the end of its pack', () => {
    const { list, end } = toList([{ type: 'tree', length: 100, uncompressedLength: 5, id: computeId(Buffer.of()) }]);
    const header = sealer.sealed(encodeHeader(list));
    const pack = Buffer.concat([Buffer.alloc(end), header, Buffer.from(Uint32Array.of(header.length).buffer)]);
    expect(pack.length).toBe(expectedPackBytes(list));
    const place = locateHeader(pack.subarray(-PACK_TAIL_BYTES), pack.length);
    expect(place).toEqual({ start: end, length: header.length });
    expect([...openHeader(sealer, pack.subarray(place.start, -4), place.start, 2)]).toEqual([...list]);
    expect(() => openHeader(sealer, pack.subarray(place.start - 1, -4), place.start, 2)).toThrow(damagedError);
  });

  it.each([
    ['is too short', 60, 72],
    ['is too long', MAX_HEADER_BYTES + 1, 2 ** 30],
    ['is longer than its pack', 1000, 1003],
    ['reaches to 4 GiB', 2 ** 32 - 1, 2 ** 31],
    ['is of an empty file', 100, 0],
  ])('is refused where it %s', (_, length, packBytes) => {
    expect(() => locateHeader(Buffer.from(Uint32Array.of(length).buffer), packBytes)).toThrow(damagedError);
    expect(() => locateHeader(new Uint8Array(3), 1000)).toThrow(damagedError);
  });

  it('is refused for gaps, overlaps, unknown types, and compression in version 1', () => {
    const { list, end } = toList([
      { type: 'tree', length: 100, uncompressedLength: 5, id: computeId(Buffer.of()) },
      { type: 'data', length: 50, uncompressedLength: 0, id: computeId(Buffer.of()) },
    ]);
    const header = encodeHeader(list);
    expect(decodeHeader(header, end, 2).count).toBe(2);
    const other = (at: number, byte: number): Uint8Array => header.with(at, byte);
    const wrong: readonly [Uint8Array, number, 1 | 2][] = [
      [header, end + 1, 2],
      [header, end - 1, 2],
      [header, end, 1],
      [other(0, 4), end, 2],
      [other(5, 0), end, 2],
      [other(1, 31), end, 2],
      [header.subarray(0, -1), end, 2],
      [new Uint8Array(0), 0, 2],
    ];
    for (const [bytes, start, version] of wrong) expect(() => decodeHeader(bytes, start, version)).toThrow(damagedError);
  });

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(2 ** 20),
        fc.constantFrom(1 as const, 2 as const),
        (bytes, start, version) => {
          try {
            decodeHeader(bytes, start, version);
            locateHeader(bytes, start);
            return true;
          } catch (error) {
            return isHoldfastError(error, 'state-damaged');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a blob', () => {
  const plain = Buffer.alloc(100_000, 'some text ');
  const id = computeId(plain);

  it('is opened, compressed or not', () => {
    expect(Buffer.from(openBlob(sealer, sealer.sealed(plain), { id, uncompressedLength: 0 })).equals(plain)).toBe(true);
    const compressed = sealer.sealed(compressFrame(plain));
    expect(compressed.length).toBeLessThan(1000);
    expect(Buffer.from(openBlob(sealer, compressed, { id, uncompressedLength: plain.length })).equals(plain)).toBe(true);
  });

  it('is refused where it is another, of another length, or cut', () => {
    const compressed = sealer.sealed(compressFrame(plain));
    const cut = sealer.sealed(compressFrame(plain).subarray(0, -1));
    const empty = { id: computeId(Buffer.of()), uncompressedLength: 0 };
    for (const [sealed, blob] of [
      [compressed, { id: id.map((byte) => byte ^ 1), uncompressedLength: plain.length }],
      [compressed, { id, uncompressedLength: plain.length - 1 }],
      [compressed, { id, uncompressedLength: plain.length + 1 }],
      [compressed, { id, uncompressedLength: 0 }],
      [cut, { id, uncompressedLength: plain.length }],
      [compressed.subarray(1), { id, uncompressedLength: plain.length }],
      [sealer.sealed(plain), empty],
    ] as const) {
      expect(() => openBlob(sealer, sealed, blob)).toThrow(damagedError);
    }
    expect(openBlob(sealer, sealer.sealed(new Uint8Array(0)), empty).length).toBe(0);
  });

  it('does not grow beyond what it is said to be', () => {
    const bomb = compressFrame(new Uint8Array(128 << 20), 1);
    const before = process.memoryUsage();
    expect(() => decompressFrame(bomb, 1 << 20, 'It')).toThrow(damagedError);
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(64 << 20);
  });

  it('is not believed when it says that it is large', () => {
    const before = process.memoryUsage().rss;
    expect(() => openBlob(sealer, sealer.sealed(compressFrame(plain)), { id, uncompressedLength: 2 ** 32 - 1 })).toThrow(
      damagedError,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
  });
});
