import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RelPath } from '../contracts/rel-path.ts';
import {
  baseName,
  comparePaths,
  decodePath,
  decodeText,
  encodePath,
  encodeText,
  isPlainText,
  isWithin,
  joinPath,
  parentPath,
  parseRelPath,
  rootPath,
} from './rel-path.ts';

/** Bytes as file systems hold them: plain names, characters of every length, and pieces that are not UTF-8. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }).map((text) => Buffer.from(text.toWellFormed(), 'utf8')),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      'f09f9280',
      'f09f9280ff',
      'eda080',
      'edb280',
      'efbbbf',
      'c080',
      'f4908080',
      'e282',
      'f09f92',
      '80',
      'ff',
      'fe80',
    )
    .map((hex) => Buffer.from(hex, 'hex')),
);
const anyBytes = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat(pieces));
const name = anyBytes
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 47)))
  .filter((bytes) => bytes.length > 0 && !['.', '..'].includes(bytes.toString('latin1')));
const segments = fc.array(name, { maxLength: 4 });
const toPath = (names: readonly Buffer[]): RelPath => names.map((bytes) => decodeText(bytes)).join('/') as RelPath;

describe('decodeText and encodeText', () => {
  it('bring back any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(encodeText(decodeText(bytes))).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('read valid UTF-8 as everybody does, a byte order mark too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = text.toWellFormed();
        expect(decodeText(Buffer.from(plain, 'utf8'))).toBe(plain);
        expect(encodeText(plain)).toEqual(Buffer.from(plain, 'utf8'));
      }),
    );
    expect(decodeText(Buffer.from('\ufeffa', 'utf8'))).toBe('\ufeffa');
  });

  it('give two texts for two names, and mark what is not UTF-8', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(decodeText(a) === decodeText(b)).toBe(a.equals(b));
        expect(isPlainText(decodeText(a))).toBe(Buffer.from(a.toString('utf8'), 'utf8').equals(a));
      }),
    );
  });

  it('escape each byte of a sequence that is not valid', () => {
    expect(decodeText(Buffer.from('61ff62e282', 'hex'))).toBe('a\udcffb\udce2\udc82');
  });
});

describe('paths', () => {
  it('come back from their bytes', () => {
    fc.assert(
      fc.property(segments, (names) => {
        const bytes = Buffer.from(names.map((each) => each.toString('latin1')).join('/'), 'latin1');
        expect(encodePath(decodePath(bytes))).toEqual(bytes);
        expect(decodePath(bytes)).toBe(toPath(names));
      }),
    );
  });

  it('are ordered by the bytes of their segments, a directory right before what is in it', () => {
    const order = (a: readonly Buffer[], b: readonly Buffer[]): number => {
      for (const [index, left] of a.entries()) {
        const right = b[index];
        if (right === undefined) return 1;
        const difference = Buffer.compare(left, right);
        if (difference !== 0) return difference;
      }
      return a.length - b.length;
    };
    fc.assert(
      fc.property(segments, segments, segments, (shared, a, b) => {
        const left = [...shared, ...a];
        const right = [...shared, ...b];
        expect(Math.sign(comparePaths(toPath(left), toPath(right)))).toBe(Math.sign(order(left, right)));
      }),
      { numRuns: 1000 },
    );
    const sorted = ['', 'a', 'a/x', 'a/x/y', 'a-b', 'a0', 'b', 'é', '\uffff', '😀', '\udcff'] as RelPath[];
    expect(sorted.toReversed().sort(comparePaths)).toEqual(sorted);
  });

  it('are taken apart and put together', () => {
    fc.assert(
      fc.property(segments, name, (above, last) => {
        const directory = toPath(above);
        const path = joinPath(directory, decodeText(last));
        expect([parentPath(path), baseName(path)]).toEqual([directory, decodeText(last)]);
        expect(isWithin(path, directory)).toBe(true);
        expect(isWithin(directory, path)).toBe(false);
        expect(joinPath(path, '')).toBe(path);
      }),
    );
    expect([parentPath(rootPath), baseName(rootPath), isWithin('ab' as RelPath, 'a' as RelPath)]).toEqual([rootPath, '', false]);
  });

  it.each(['/', '/a', 'a/', 'a//b', '.', '..', 'a/./b', '../a', 'a/..', 'a\0b'])('are not %j', (text) => {
    expect(() => parseRelPath(text)).toThrow(expect.objectContaining({ code: 'name-not-allowed' }));
    expect(() => decodePath(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'name-not-allowed' }));
  });

  it.each(['', 'a', '...', '.a', 'a..', 'a b', 'a\\b', ' ', 'a\nb', 'con', 'a:b'])('may be %j', (text) => {
    expect(parseRelPath(text)).toBe(text);
  });
});
