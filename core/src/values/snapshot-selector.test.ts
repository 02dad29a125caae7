import { describe, expect, it } from 'vitest';
import { parseSnapshotSelector } from './parse-snapshot-selector.ts';
import { selectSnapshot } from './select-snapshot.ts';

const clock = { now: () => new Date(2026, 10, 24, 9, 30) };
const parse = (written: string) => parseSnapshotSelector(written, clock);

describe('parseSnapshotSelector', () => {
  it.each([
    ['latest', { kind: 'latest', back: 0 }],
    ['latest~3', { kind: 'latest', back: 3 }],
    ['2026-11-23', { kind: 'time', notAfter: new Date(2026, 10, 23, 23, 59, 59, 999) }],
    ['yesterday', { kind: 'time', notAfter: new Date(2026, 10, 23, 23, 59, 59, 999) }],
    ['today', { kind: 'time', notAfter: new Date(2026, 10, 24, 23, 59, 59, 999) }],
    ['2026-11-23T10:00', { kind: 'time', notAfter: new Date(2026, 10, 23, 10, 0, 59, 999) }],
    ['2026-11-23 10:00:30', { kind: 'time', notAfter: new Date(2026, 10, 23, 10, 0, 30, 999) }],
    ['2026-11-23T10:00:30.123Z', { kind: 'time', notAfter: new Date('2026-11-23T10:00:30.999Z') }],
    ['2026-11-23T10:00+01:00', { kind: 'time', notAfter: new Date('2026-11-23T09:00:59.999Z') }],
    ['2024-02-29', { kind: 'time', notAfter: new Date(2024, 1, 29, 23, 59, 59, 999) }],
    ['3f9a', { kind: 'id', prefix: '3f9a' }],
    ['2026', { kind: 'id', prefix: '2026' }],
    ['2026-11-23T100000.123Z', { kind: 'id', prefix: '2026-11-23T100000.123Z' }],
    ['2026-11-23T10', { kind: 'id', prefix: '2026-11-23T10' }],
  ])('%s', (written, selector) => expect(parse(written)).toEqual(selector));

  it.each([
    '',
    'latest~',
    'latest~x',
    '2026-13-01',
    '2026-02-29',
    '2026-11-23T25:00',
    '2026-11-23T10:60',
    '2026-11-23T10:00+99:00',
    'a/b',
    '-x',
    '~1',
  ])('refuses %j', (written) => expect(() => parse(written)).toThrow(expect.objectContaining({ code: 'usage' })));
});

describe('selectSnapshot', () => {
  const snapshots = [
    { id: 'aa1', time: new Date(2026, 10, 22, 12) },
    { id: 'ab2', time: new Date(2026, 10, 24, 8) },
    { id: 'ab', time: new Date(2026, 10, 23, 10, 0, 45) },
  ];
  const select = (written: string) => selectSnapshot(snapshots, parse(written), written).id;

  it.each([
    ['latest', 'ab2'],
    ['latest~2', 'aa1'],
    ['yesterday', 'ab'],
    ['2026-11-23T10:00', 'ab'],
    ['2026-11-23T09:59', 'aa1'],
    ['aa', 'aa1'],
    ['ab', 'ab'],
  ])('%s', (written, id) => expect(select(written)).toBe(id));

  it('says what is missing and what is unclear', () => {
    expect(() => select('latest~3')).toThrow(expect.objectContaining({ code: 'snapshot-missing' }));
    expect(() => select('2026-11-21')).toThrow('There is no version "2026-11-21" (there are 3, the oldest of ');
    expect(() => select('x')).toThrow(expect.objectContaining({ code: 'snapshot-missing' }));
    expect(() => select('a')).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => selectSnapshot([], parse('latest'), 'latest')).toThrow('there is none at all');
  });
});
