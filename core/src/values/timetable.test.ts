import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBandwidth } from './parse-bandwidth.ts';
import { rateAt, wallTimeOf } from './timetable.ts';

const MINUTE_MS = 60_000;
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Africa/Casablanca',
];

/** Rates of a limit at times of the wall clock in a zone. */
const ratesAt = (limit: string, zone: string, ...instants: string[]): (number | undefined)[] =>
  instants.map((instant) => rateAt(parseBandwidth(limit), wallTimeOf(new Date(instant), zone)));

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
const clockTime = fc
  .nat(1439)
  .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);

test('a period holds from its first minute to before its last, every day', () => {
  fc.assert(
    fc.property(clockTime, clockTime, fc.nat(6), fc.nat(1439), (begin, end, weekday, minuteOfDay) => {
      fc.pre(begin !== end);
      const inside =
        begin < end
          ? minuteOfDay >= minuteOf(begin) && minuteOfDay < minuteOf(end)
          : minuteOfDay >= minuteOf(begin) || minuteOfDay < minuteOf(end);
      expect(rateAt(parseBandwidth(`${begin}-${end}=1, else 2`), { weekday, minuteOfDay })).toBe(inside ? 1 : 2);
    }),
  );
});

test('a period of one day that crosses midnight ends in the morning of the next', () => {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  fc.assert(
    fc.property(fc.nat(6), fc.nat(6), fc.nat(1439), (start, weekday, minuteOfDay) => {
      const limit = parseBandwidth(`${names[start]} 22:00-06:00=1, else 2`);
      const inside = (weekday === start && minuteOfDay >= 1320) || (weekday === (start + 1) % 7 && minuteOfDay < 360);
      expect(rateAt(limit, { weekday, minuteOfDay })).toBe(inside ? 1 : 2);
    }),
  );
});

test('all the minutes of a year, with both changes of the clock, have the rate of their wall clock', () => {
  const limit = parseBandwidth('mon-fri 01:30-03:30=1, sat+sun 23:00-02:30=2, else 3');
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 366 * 24 * 60 }), (zone, minutes) => {
      const date = new Date(Date.UTC(2026, 0, 1) + minutes * MINUTE_MS);
      // Independent of wallTimeOf: the date as text, in the form that Sweden writes it.
      const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(date);
      const weekday = new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDay();
      const minute = minuteOf(text.slice(11));
      const workday = weekday >= 1 && weekday <= 5;
      const evening = (weekday === 0 || weekday === 6) && minute >= 1380;
      const morning = (weekday === 0 || weekday === 1) && minute < 150;
      const expected = workday && minute >= 90 && minute < 210 ? 1 : evening || morning ? 2 : 3;
      expect(rateAt(limit, wallTimeOf(date, zone))).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('when the clock is set forward the hour that is left out has no limit, and what comes after it does', () => {
  const limit = '02:00-03:00=1, 03:00-04:00=2, else 3';
  expect(ratesAt(limit, 'Europe/Berlin', '2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z')).toEqual([
    3, 2, 3,
  ]);
});

test('when the clock is set back the hour that comes twice counts twice', () => {
  const limit = '02:00-03:00=1, else 3';
  const instants = [
    '2026-10-24T23:59:00Z',
    '2026-10-25T00:00:00Z',
    '2026-10-25T00:59:00Z',
    '2026-10-25T01:00:00Z',
    '2026-10-25T01:59:00Z',
    '2026-10-25T02:00:00Z',
  ];
  expect(ratesAt(limit, 'Europe/Berlin', ...instants)).toEqual([3, 1, 1, 1, 1, 3]);
});

test('a period that begins before the change of the clock and ends after it holds throughout', () => {
  const limit = '22:00-06:00=1, else 3';
  for (const day of ['2026-03-28', '2026-10-24']) {
    const start = Date.parse(`${day}T21:30:00Z`);
    for (let minute = 0; minute < 6 * 60; minute += 7) {
      expect(rateAt(parseBandwidth(limit), wallTimeOf(new Date(start + minute * MINUTE_MS), 'Europe/Berlin'))).toBe(1);
    }
  }
});

test('a zone that moves by half an hour is right too', () => {
  expect(
    ratesAt(
      '01:30-02:00=1, else 3',
      'Australia/Lord_Howe',
      '2026-04-04T14:30:00Z',
      '2026-04-04T15:00:00Z',
      '2026-04-04T15:30:00Z',
    ),
  ).toEqual([1, 1, 3]);
});

test('without a zone the wall clock is the system’s', () => {
  const date = new Date('2026-07-01T12:34:56Z');
  const system = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(wallTimeOf(date)).toEqual(wallTimeOf(date, system));
});
