import { expect, test } from 'vitest';
import { parseBandwidth } from './parse-bandwidth.ts';

const everyDay = new Set([0, 1, 2, 3, 4, 5, 6]);

test('a rate alone holds always', () => {
  expect(parseBandwidth('2MiB/s')).toEqual({ periods: [], otherwise: 2_097_152 });
  expect(parseBandwidth(' 500KB ')).toEqual({ periods: [], otherwise: 500_000 });
  expect(parseBandwidth('off')).toEqual({ periods: [], otherwise: undefined });
});

test('periods have their days, times and rates; without else there is no limit besides', () => {
  expect(parseBandwidth('08:00-18:00=2MiB/s, else off')).toEqual({
    periods: [{ weekdays: everyDay, beginMinute: 480, endMinute: 1080, bytesPerSecond: 2_097_152 }],
    otherwise: undefined,
  });
  expect(parseBandwidth('Mon-Fri 8:00-24:00=1K,fri-mon 22:30-06:00=off,sat+sun=10M')).toEqual({
    periods: [
      { weekdays: new Set([1, 2, 3, 4, 5]), beginMinute: 480, endMinute: 1440, bytesPerSecond: 1024 },
      { weekdays: new Set([5, 6, 0, 1]), beginMinute: 1350, endMinute: 360, bytesPerSecond: undefined },
      { weekdays: new Set([6, 0]), beginMinute: 0, endMinute: 1440, bytesPerSecond: 10_485_760 },
    ],
    otherwise: undefined,
  });
});

test.each([
  '',
  'fast',
  '0',
  '-1',
  '08:00-18:00',
  '08:00-18:00=',
  '=1M',
  '08:00=1M',
  '25:00-26:00=1M',
  '08:60-09:00=1M',
  'mo-fr 08:00-18:00=1M',
  'mon-wed-fri=1M',
  '08:00-08:00=1M',
  '08:00-18:00=1M, 2M',
  'else 2M, 08:00-18:00=1M',
  '08:00-18:00=1M=2M',
  '08:00-18:00=0',
  ',',
  '1M,',
])('"%s" is refused', (written) => {
  expect(() => parseBandwidth(written)).toThrow(expect.objectContaining({ code: 'usage' }));
});
