import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDays, daysOfDate } from './civil-date.ts';
import { isTime, parseTime } from './parse-time.ts';
import { TimeFormatter } from './time-formatter.ts';

const S = 1_000_000_000n;
const berlin = new TimeFormatter('Europe/Berlin');
const utc = new TimeFormatter('UTC');

describe('TimeFormatter', () => {
  it.each([
    [0n, '1970-01-01T01:00:00+01:00'],
    [1_699_999_999_123_000_000n, '2023-11-14T23:13:19.123+01:00'],
    [1_743_296_399n * S, '2025-03-30T01:59:59+01:00'],
    [1_743_296_400n * S, '2025-03-30T03:00:00+02:00'],
    [1_761_440_399n * S, '2025-10-26T02:59:59+02:00'],
    [1_761_440_400n * S, '2025-10-26T02:00:00+01:00'],
    [-1n, '1970-01-01T00:59:59.999999999+01:00'],
    [1n, '1970-01-01T01:00:00.000000001+01:00'],
    // Before there were zones, the clock shows the seconds that the offset cannot.
    [-5_000_000_000n * S, '1811-07-23T16:00:08+00:53'],
  ])('%s in Berlin is %s', (ns, text) => expect(berlin.format(ns)).toBe(text));

  it('writes Z where the offset is zero, and west of it a minus', () => {
    expect(utc.format(1_743_296_400n * S)).toBe('2025-03-30T01:00:00Z');
    expect(new TimeFormatter('America/St_Johns').format(0n)).toBe('1969-12-31T20:30:00-03:30');
    expect(new TimeFormatter('Europe/London').format(0n)).toBe('1970-01-01T01:00:00+01:00');
  });

  it('keeps years within what can be written', () => {
    expect(utc.format(-(2n ** 62n) * S)).toMatch(/^0000-\d\d-\d\dT/);
    expect(utc.format(2n ** 62n * S)).toMatch(/^9999-\d\d-\d\dT/);
    expect(utc.format(BigInt(daysOfDate(12_000, 2, 29)) * 86_400n * S)).toBe('9999-03-01T00:00:00Z');
    expect(berlin.format(BigInt(daysOfDate(10_000, 1, 1)) * 86_400n * S)).toBe('9999-01-01T01:00:00+01:00');
  });

  it('is undone by parseTime', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Casablanca'];
    const formatters = zones.map((zone) => new TimeFormatter(zone));
    const ns = fc.bigInt({ min: -2n * 10n ** 18n, max: 2n * 10n ** 20n });
    fc.assert(
      fc.property(ns, fc.constantFrom(...formatters), (time, formatter) => {
        const text = formatter.format(time);
        expect(isTime(text)).toBe(true);
        // Offsets had seconds before 1972, which the text does not have.
        const lost = time - parseTime(text);
        if (time >= 10n ** 17n) expect(lost).toBe(0n);
        else expect(lost > -60n * S && lost < 60n * S).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('refuses a zone that is none', () => {
    expect(() => new TimeFormatter('Europe/Nowhere')).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('is quick', () => {
    const start = process.cpuUsage().user;
    for (let index = 0n; index < 20_000n; index++) berlin.format(1_700_000_000n * S + index * 777n * S + index);
    expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
  });
});

describe('parseTime', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T01:00:00.5+01:00', 500_000_000n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['1970-01-01T00:00:00.1234567891Z', 123_456_789n],
    ['0001-01-01T00:00:00Z', -62_135_596_800n * S],
    ['9999-12-31T23:59:59.999999999-23:59', 253_402_387_139n * S + 999_999_999n],
  ])('%s', (text, ns) => expect(parseTime(text)).toBe(ns));

  it.each([
    '',
    '1970-01-01',
    '1970-01-01T00:00:00',
    '1970-13-01T00:00:00Z',
    '1970-02-29T00:00:00Z',
    '1970-01-01T24:00:00Z',
    '1970-01-01T00:60:00Z',
    '1970-01-01T00:00:60Z',
    '1970-01-01T00:00:00.Z',
    '1970-01-01T00:00:00+24:00',
    '1970-01-01T00:00:00+0100',
    '10000-01-01T00:00:00Z',
    '1970-01-01t00:00:00z',
  ])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(expect.objectContaining({ code: 'state-damaged' }));
  });
});

it('dates are those of the engine', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (days) => {
      const { year, month, day } = dateOfDays(days);
      const date = new Date(days * 86_400_000);
      expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
      expect(daysOfDate(year, month, day)).toBe(days);
    }),
    { numRuns: 2000 },
  );
});
