import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, formatRate, formatSize } from './format-values.ts';
import { parseAge } from './parse-age.ts';
import { parseKeepRule } from './parse-keep-rule.ts';
import { parseShare, shareOf } from './parse-share.ts';
import { parseRate, parseSize } from './parse-size.ts';

const usage = expect.objectContaining({ code: 'usage' }) as Error;

describe('parseSize', () => {
  it.each([
    ['0', 0n],
    ['4096', 4096n],
    ['10M', 10n << 20n],
    ['10m', 10n << 20n],
    ['1.5GiB', 3n << 29n],
    ['1.5 GiB', 3n << 29n],
    ['500KB', 500_000n],
    ['500kb', 500_000n],
    ['1K', 1024n],
    ['1KiB', 1024n],
    ['2TB', 2_000_000_000_000n],
    ['2T', 2n << 40n],
    ['12B', 12n],
    ['0.1K', 102n],
    ['9007199254740993', 9007199254740993n],
    [' 7 ', 7n],
  ])('%s', (written, bytes) => expect(parseSize(written)).toBe(bytes));

  it.each(['', 'M', '-1', '1.', '.5M', '1e3', '10X', '10iB', '10 M B', '1,5G', '10Mbit'])('refuses %j', (written) => {
    expect(() => parseSize(written)).toThrow(usage);
  });

  it('reads rates, and none of zero', () => {
    expect([parseRate('10M'), parseRate('10M/s'), parseRate('1.5MB/S')]).toEqual([10n << 20n, 10n << 20n, 1_500_000n]);
    expect(() => parseRate('0')).toThrow(usage);
  });
});

describe('parseAge', () => {
  const hour = 3_600_000;
  it.each([
    ['12h', 12 * hour],
    ['30d 12h', 30 * 24 * hour + 12 * hour],
    ['30d12h', 30 * 24 * hour + 12 * hour],
    ['2w', 14 * 24 * hour],
    ['1y', 365 * 24 * hour],
    ['90min', 90 * 60_000],
    ['5m 1s', 301_000],
    [' 1D ', 24 * hour],
    ['0s', 0],
  ])('%s', (written, ms) => expect(parseAge(written)).toBe(ms));

  it.each(['', '30', 'd', '1.5d', '3 months', '1d 1d', '1m 1min', '1d, 2h', '-1d', '1dx'])('refuses %j', (written) => {
    expect(() => parseAge(written)).toThrow(usage);
  });
});

describe('parseShare', () => {
  it('reads counts and percentages', () => {
    expect([parseShare('100'), parseShare('50%'), parseShare('0.5 %')]).toEqual([
      { kind: 'count', count: 100 },
      { kind: 'percent', percent: 50 },
      { kind: 'percent', percent: 0.5 },
    ]);
    expect([
      shareOf(parseShare('7'), 3),
      shareOf(parseShare('50%'), 3),
      shareOf(parseShare('0%'), 3),
      shareOf(parseShare('100%'), 3),
    ]).toEqual([7, 1, 0, 3]);
  });

  it.each(['', '%', '101%', '-1', '1.5', '10 percent', '99999999999999999999'])('refuses %j', (written) => {
    expect(() => parseShare(written)).toThrow(usage);
  });
});

describe('parseKeepRule', () => {
  it.each([
    ['30d', { kind: 'age', ms: 30 * 86_400_000 }],
    ['30d 12h', { kind: 'age', ms: 30.5 * 86_400_000 }],
    ['10min', { kind: 'age', ms: 600_000 }],
    ['100G', { kind: 'size', bytes: 100n << 30n }],
    ['10M', { kind: 'size', bytes: 10n << 20n }],
    ['1.5GB', { kind: 'size', bytes: 1_500_000_000n }],
    ['0', { kind: 'size', bytes: 0n }],
    ['free=50G', { kind: 'free', bytes: 50n << 30n }],
    ['free=10%', { kind: 'free-percent', percent: 10 }],
  ])('%s', (written, rule) => expect(parseKeepRule(written)).toEqual(rule));

  it.each(['', 'all', '10m', '10 m', 'free', 'free=', 'free=x%', 'free=1d', '10%', '5x'])('refuses %j', (written) => {
    expect(() => parseKeepRule(written)).toThrow(usage);
  });
});

describe('values for people', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1536n, '1.50 KiB'],
    [10_239, '10.0 KiB'],
    [12.34 * 2 ** 30, '12.3 GiB'],
    [1023.4 * 2 ** 20, '1023 MiB'],
    [1023.6 * 2 ** 20, '1.00 GiB'],
    [2n ** 64n, '16.0 EiB'],
    [2n ** 80n, '1048576 EiB'],
  ])('%s bytes are %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1234, '1.2 s'],
    [9949, '9.9 s'],
    [9960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h'],
    [3_900_000, '1 h 05 min'],
    [86_390_000, '1 d'],
    [183_600_000, '2 d 3 h'],
  ])('%s ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('counts', () => {
    expect([
      formatCount(0, 'file'),
      formatCount(1n, 'file'),
      formatCount(1234567, 'entry', 'entries'),
      formatCount(999),
      formatRate(1024),
    ]).toEqual(['0 files', '1 file', '1,234,567 entries', '999', '1.00 KiB/s']);
  });
});
