import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { decodeJsonString } from './decode-json-string.ts';
import { JsonFields, readString } from './json-fields.ts';
import { JsonReader } from './json-reader.ts';
import { rawValue } from './raw-value.ts';

const damagedError = expect.objectContaining({ code: 'state-damaged' }) as Error;
const reader = (text: string): JsonReader => new JsonReader(Buffer.from(text), 'It');

function readAll(text: string): string {
  const all = reader(text);
  const raw = rawValue(all);
  all.end();
  return raw;
}

describe('JsonReader', () => {
  it('takes what JSON.parse takes, and nothing else', () => {
    const junk = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '1', '0', '.', 'e', '-', ' ', 'null', 'true', '\t', 'u'),
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), junk), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        if (isJson) expect(readAll(text)).toBe(text.trim());
        else expect(() => readAll(text)).toThrow(damagedError);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['18446744073709551615', 2n ** 64n - 1n],
    ['9007199254740993', 2n ** 53n + 1n],
    ['0', 0n],
    [' 42 ', 42n],
  ])('keeps every digit of %s', (text, value) => expect(reader(text).u64()).toBe(value));

  it.each(['18446744073709551616', '-1', '1.0', '1e3', '01', '', '"1"', '99999999999999999999999999'])(
    'takes no %j for a number',
    (text) => {
      expect(() => reader(text).u64()).toThrow(damagedError);
    },
  );

  it('keeps to limits of numbers and depth', () => {
    expect(reader('4294967295').integer(2 ** 32 - 1)).toBe(4294967295);
    expect(() => reader('4294967296').integer(2 ** 32 - 1)).toThrow(damagedError);
    expect(() => readAll('['.repeat(1_000_000))).toThrow(damagedError);
    expect(() => readAll(`${'['.repeat(200)}${']'.repeat(200)}`)).toThrow(damagedError);
  });

  it('gives keys and values in their order, also those with escapes', () => {
    const object = reader('{ "a" : 1 , "\\u0062c" : [ true , null ] , "__proto__" : {} }');
    expect(object.firstKey()).toBe('a');
    expect(object.integer()).toBe(1);
    expect(object.nextKey()).toBe('bc');
    expect([object.firstElement(), object.boolean(), object.nextElement(), object.isNull(), object.nextElement()]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(object.nextKey()).toBe('__proto__');
    expect(object.firstKey()).toBeUndefined();
    expect(object.nextKey()).toBeUndefined();
    object.end();
  });

  it('takes ids of 64 lowercase digits only', () => {
    const id = 'ab'.repeat(32);
    expect(reader(`"${id}"`).id().toString('hex')).toBe(id);
    for (const wrong of [id.toUpperCase(), id.slice(1), `${id}0`, `${id.slice(1)}g`, '']) {
      expect(() => reader(`"${wrong}"`).id()).toThrow(damagedError);
    }
  });

  it('reads any bytes or fails with one error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          new JsonFields(bytes, 'It').take('a', readString);
        } catch (error) {
          return isHoldfastError(error, 'state-damaged');
        }
        return true;
      }),
      { numRuns: 1000 },
    );
  });
});

describe('decodeJsonString', () => {
  it.each([
    ['a\\u00e4\\n\\/\\"', 'aä\n/"'],
    ['\\ud83d\\ude00', '😀'],
    ['\\ufffdx', '\udc00x'],
    ['\ufffd', '\ufffd'],
    ['\\udc80', '\udc00'],
    ['\\ud800\\ufffd', '\udc00\udc00'],
    ['\\ud800x', '\udc00x'],
  ])('%j', (json, text) => expect(decodeJsonString(Buffer.from(json))).toBe(text));

  it.each(['\\x', '\\u12', '\\u12g4', '\\'])('refuses %j', (json) => expect(decodeJsonString(Buffer.from(json))).toBeUndefined());

  it('refuses what is not UTF-8', () => {
    expect(decodeJsonString(Buffer.of(0xff))).toBeUndefined();
  });
});
