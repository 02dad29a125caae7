import { closeSync, mkdtempSync, openSync, readdirSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeNames } from './probe-names.ts';

test('names are told apart on the file systems of Linux, and the directory is left as it was', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-probe-'));
  utimesSync(directory, 1_000_000_000, 1_000_000_000);
  const fd = openSync(directory, 'r');
  expect(probeNames(fd)).toEqual({ caseSensitive: true, normalises: false });
  closeSync(fd);
  expect([statSync(directory).mtimeMs, readdirSync(directory)]).toEqual([1_000_000_000_000, []]);
  rmdirSync(directory);
});

test('where nothing can be tried, no two names are taken for different', () => {
  const fd = openSync('/proc/self', 'r');
  expect(probeNames(fd)).toEqual({ caseSensitive: false, normalises: false });
  closeSync(fd);
});
