import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCalendarSpan } from '../../../../values/parse-calendar-span.ts';
import { fixture, fixtures, withoutFixtures } from '../../format/testing/fixtures.ts';
import { applyPolicy } from './apply-policy.ts';
import { isEmptyPolicy, type KeepPolicy } from './keep-policy.ts';

const now = BigInt(Date.UTC(2030, 0)) * 1_000_000n;
const make = (time: string, tags: readonly string[] = []) => ({ file: { time, tags } });

interface Golden {
  readonly keep: readonly { readonly time: string; readonly tags?: readonly string[] }[];
  readonly reasons: readonly { readonly snapshot: { readonly time: string }; readonly matches: readonly string[] }[];
}

function readGolden(number: number): Golden {
  return JSON.parse(readFileSync(fixture('restic', 'policies', `policy_keep_snapshots_${String(number)}`), 'utf8')) as Golden;
}

function keep(policy: Partial<KeepPolicy>): KeepPolicy {
  return { counts: {}, withinEach: {}, tags: [], ...policy };
}

describe.runIf(fixtures !== undefined)(`what restic keeps${withoutFixtures}`, () => {
  test.each<[number, Partial<KeepPolicy>]>([
    [1, { last: 10 }],
    [2, { last: 15 }],
    [3, { last: 99 }],
    [4, { last: 200 }],
    [5, { counts: { hourly: 20 } }],
    [6, { counts: { daily: 3 } }],
    [7, { counts: { daily: 10 } }],
    [8, { counts: { daily: 30 } }],
    [9, { last: 5, counts: { daily: 5 } }],
    [10, { last: 2, counts: { daily: 10 } }],
    [11, { counts: { weekly: 2 } }],
    [12, { counts: { weekly: 4 } }],
    [13, { counts: { daily: 3, weekly: 4 } }],
    [14, { counts: { monthly: 6 } }],
    [15, { counts: { daily: 2, weekly: 2, monthly: 6 } }],
    [16, { counts: { yearly: 10 } }],
    [17, { counts: { daily: 7, weekly: 2, monthly: 3, yearly: 10 } }],
    [18, { tags: [['foo']] }],
    [19, { tags: [['foo', 'bar']] }],
    [29, { within: parseCalendarSpan('1y2m3d3h') }],
  ])('policy %i', (number, policy) => {
    // The one that keeps 200 has all that there are.
    const all = readGolden(4).keep.map(({ time, tags }) => make(time, tags));
    const kept = applyPolicy(all, keep(policy), now).filter(({ reasons }) => reasons.length > 0);
    expect(kept.map(({ snapshot, reasons }) => ({ snapshot: { time: snapshot.file.time }, matches: reasons }))).toEqual(
      readGolden(number).reasons.map(({ snapshot, matches }) => ({ snapshot: { time: snapshot.time }, matches })),
    );
  });
});

describe('applyPolicy', () => {
  test('counts days by the clock of where the snapshot was made', () => {
    const times = ['2026-03-02T00:30:00+02:00', '2026-03-01T23:50:00+02:00', '2026-03-01T22:10:00Z', '2026-02-27T10:00:00Z'];
    const judged = applyPolicy(
      times.map((time) => make(time)),
      keep({ counts: { daily: 2 } }),
      now,
    );
    expect(judged.map(({ snapshot, reasons }) => [snapshot.file.time, reasons])).toEqual([
      ['2026-03-02T00:30:00+02:00', ['daily snapshot']],
      ['2026-03-01T22:10:00Z', ['daily snapshot']],
      ['2026-03-01T23:50:00+02:00', []],
      ['2026-02-27T10:00:00Z', []],
    ]);
  });

  test('counts spans from the newest that is not in the future, and keeps the newest of each week', () => {
    const times = [
      '2031-01-01T00:00:00Z',
      '2026-01-05T12:00:00Z',
      '2026-01-04T12:00:00Z',
      '2025-12-29T12:00:00Z',
      '2025-12-28T12:00:00Z',
    ];
    const all = times.map((time) => make(time));
    const kept = applyPolicy(all, keep({ withinEach: { weekly: parseCalendarSpan('1m') } }), now);
    expect(kept.map(({ reasons }) => reasons.length)).toEqual([1, 1, 1, 0, 1]);
    const within = applyPolicy(all, keep({ within: parseCalendarSpan('1d1h') }), now);
    expect(within.map(({ reasons }) => reasons.length)).toEqual([1, 1, 1, 0, 0]);
  });

  test('an empty tag stands for none', () => {
    const judged = applyPolicy([make('2026-01-02T00:00:00Z', ['a']), make('2026-01-01T00:00:00Z')], keep({ tags: [['']] }), now);
    expect(judged.map(({ reasons }) => reasons.length)).toEqual([0, 1]);
  });

  test('a policy of nothing is known', () => {
    expect([keep({}), keep({ last: 1 }), keep({ counts: { daily: 1 } })].map(isEmptyPolicy)).toEqual([true, false, false]);
  });
});

test.each(['', '1', '1x', '1d1d', '0d', ' 1d'])('"%s" is no span', (written) => {
  expect(() => parseCalendarSpan(written)).toThrow('span of time');
});
