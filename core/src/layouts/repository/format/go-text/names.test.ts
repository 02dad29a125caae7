import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrintable, isPrintableIn13 } from './printable.ts';
import { quoteJson } from './quote-json.ts';
import { quoteName } from './quote-name.ts';
import { currentDialect, unicode13Dialect } from './text-dialect.ts';
import { unquoteName } from './unquote-name.ts';

const dialects = [currentDialect, unicode13Dialect];

describe('quoteName', () => {
  it.each([
    [Buffer.from('plain'), 'plain'],
    [Buffer.from('a"b\\c'), 'a\\"b\\\\c'],
    [Buffer.from("it's `$<>&"), "it's `$<>&"],
    [Buffer.of(7, 8, 12, 10, 13, 9, 11, 0x1b, 1, 0x7f), '\\a\\b\\f\\n\\r\\t\\v\\x1b\\x01\\x7f'],
    [Buffer.of(0xff, 0x41, 0xc3), '\\xffA\\xc3'],
    [Buffer.of(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    [Buffer.of(0xc0, 0xaf), '\\xc0\\xaf'],
    [Buffer.of(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
    [Buffer.from('\u00a0\u00ad\u200d\u2028\ufeff\u0378'), '\\u00a0\\u00ad\\u200d\\u2028\\ufeff\\u0378'],
    [Buffer.from('\u{10ffff}\u{f0000}\ue000'), '\\U0010ffff\\U000f0000\\ue000'],
    [Buffer.from('ä\u0301😀\ufffd'), 'ä\u0301😀\ufffd'],
  ])('%o is %s', (name, quoted) => {
    expect(quoteName(name)).toBe(quoted);
    expect(unquoteName(Buffer.from(quoted))).toEqual(name);
  });

  it('is undone by unquoteName for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...dialects), (name, dialect) => {
        const quoted = quoteName(name, dialect);
        expect(quoted.isWellFormed()).toBe(true);
        expect(unquoteName(Buffer.from(quoted))).toEqual(Buffer.from(name));
      }),
      { numRuns: 2000 },
    );
  });

  it('knows what was printable when', () => {
    expect(quoteName(Buffer.from('\u{1fae8}'))).toBe('\u{1fae8}');
    expect(quoteName(Buffer.from('\u{1fae8}'), unicode13Dialect)).toBe('\\U0001fae8');
    // Unicode 15.1 and 16.0.
    expect(quoteName(Buffer.from('\u2ffc\u{10d40}'))).toBe('\\u2ffc\\U00010d40');
  });
});

it('there are as many printable characters as the Unicode versions have', () => {
  const count = (test: (codePoint: number) => boolean): number =>
    Array.from({ length: 0x110000 }, (_, codePoint) => test(codePoint)).filter(Boolean).length;
  // "149,014 graphic" and "143,696 graphic" characters (unicode.org, character counts), less the 16 spaces that are not U+0020.
  expect(count(isPrintable)).toBe(149_014 - 16);
  expect(count(isPrintableIn13)).toBe(143_696 - 16);
});

describe('unquoteName', () => {
  it('takes every escape that Go has', () => {
    expect(unquoteName(Buffer.from('\\101\\377\\x41\\u00e4\\U0001F600'))).toEqual(
      Buffer.concat([Buffer.of(0x41, 0xff, 0x41), Buffer.from('ä😀')]),
    );
  });

  it.each(["\\'", '\\400', '\\8', '\\x4', '\\u12', '\\ud800', '\\U00110000', '\\UFFFFFFFF', 'a"b', 'a\\\\"', '\n', '\\', '\\q'])(
    'refuses %j',
    (text) => expect(unquoteName(Buffer.from(text))).toBeUndefined(),
  );

  it('takes any bytes or refuses them', () => {
    const bytes = fc.oneof(fc.uint8Array(), fc.string({ unit: fc.constantFrom('\\', 'x', 'u', 'U', '0', '7', 'f', '"', 'n') }));
    fc.assert(
      fc.property(bytes, (text) => {
        const name = unquoteName(Buffer.from(text as string));
        if (name !== undefined) expect(unquoteName(Buffer.from(quoteName(name)))).toEqual(name);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('quoteJson', () => {
  it.each([
    ['plain', '"plain"'],
    ['<a>&"\\', '"\\u003ca\\u003e\\u0026\\"\\\\"'],
    ['\n\r\t\b\f\u0001\x7f', '"\\n\\r\\t\\b\\f\\u0001\x7f"'],
    ['\u2028\u2029ä😀', '"\\u2028\\u2029ä😀"'],
    ['\udcff\udc00x\ud800', '"\\ufffd\\ufffdx\\ufffd"'],
    ['\ufffd', '"\ufffd"'],
  ])('%j is %s', (text, json) => expect(quoteJson(text)).toBe(json));

  it('writes backspace and form feed as old versions of Go did', () => {
    expect(quoteJson('\b\f\n', unicode13Dialect)).toBe('"\\u0008\\u000c\\n"');
  });

  it('is JSON of the same text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => JSON.parse(quoteJson(text)) === text));
  });
});
