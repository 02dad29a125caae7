import { describe, expect, it } from 'vitest';
import { formatMode } from './format-mode.ts';
import { formatTable } from './format-table.ts';
import { formatExactTime, formatTime } from './format-time.ts';
import { shellQuote } from './shell-quote.ts';

it.each([
  ['file', 0o644, '-rw-r--r--'],
  ['directory', 0o755, 'drwxr-xr-x'],
  ['directory', 0o1777, 'drwxrwxrwt'],
  ['file', 0o4755, '-rwsr-xr-x'],
  ['file', 0o6644, '-rwSr-Sr--'],
  ['directory', 0o1776, 'drwxrwxrwT'],
  ['symlink', 0o777, 'lrwxrwxrwx'],
  ['fifo', undefined, 'p?????????'],
])('%s %s is %s', (kind, mode, shown) => expect(formatMode(kind, mode)).toBe(shown));

describe('times', () => {
  it('are local for people', () => expect(formatTime(new Date(2026, 0, 2, 3, 4))).toBe('2026-01-02 03:04'));
  it.each([
    [1_795_472_502_633_659_327n, '2026-11-23T22:21:42.633659327Z'],
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [2n ** 80n, undefined],
  ])('%i ns is %s', (ns, text) => expect(formatExactTime(ns)).toBe(text));
});

it('aligns the columns of a table by cells', () => {
  expect(
    formatTable(
      [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'X' }],
      [
        ['日本', '1', 'a'],
        ['b', '12345', ''],
      ],
    ),
  ).toEqual(['NAME   SIZE  X', '日本      1  a', 'b     12345']);
});

it.each([
  ['/mnt/a-b_c.d', '/mnt/a-b_c.d'],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
  ['$HOME', "'$HOME'"],
])('quotes %j as %s', (word, quoted) => expect(shellQuote(word)).toBe(quoted));
