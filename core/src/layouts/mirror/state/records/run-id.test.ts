import { expect, test } from 'vitest';
import { formatRunId, nextRunId, parseRunId } from './run-id.ts';

const time = new Date('2026-11-23T20:53:08.123Z');

test('an id is its time, without what SMB does not allow in names', () => {
  expect(formatRunId(time)).toBe('2026-11-23T205308.123Z');
  expect(parseRunId('2026-11-23T205308.123Z')).toEqual(time);
});

test.each(['', 'lost+found', '2026-11-23', '2026-11-23T205308.123Z.pruned', '2026-13-45T996199.123Z', 'x2026-11-23T205308.123Z'])(
  '"%s" is no id',
  (text) => {
    expect(parseRunId(text)).toBeUndefined();
  },
);

test('ids grow from run to run, whatever the clock does', () => {
  const first = nextRunId(time, []);
  const second = nextRunId(time, [first]);
  const third = nextRunId(new Date(time.getTime() - 3_600_000), ['lost+found', second, first]);
  expect([first, second, third]).toEqual(['2026-11-23T205308.123Z', '2026-11-23T205308.124Z', '2026-11-23T205308.125Z']);
  expect(nextRunId(new Date(time.getTime() + 5), [third])).toBe('2026-11-23T205308.128Z');
});
