import type { ProgressEvent } from '@holdfast/core';
import { expect, it } from 'vitest';
import { path } from '../testing/recorded-run.ts';
import { textWidth } from '../terminal/text-width.ts';
import { formatProgress } from './progress-line.ts';

const copying: ProgressEvent = {
  type: 'progress',
  phase: 'transfer',
  done: { files: 1234, bytes: 1_288_490_200n },
  total: { files: 50_000, bytes: 4_294_967_296n },
  rate: 103_000_000,
  etaSeconds: 29,
  current: path('photos/2026/holiday/日本語の写真/IMG_0001.jpg'),
};

it.each([
  [
    120,
    'Copying 30%  1,234 of 50,000 items  1.20 GiB of 4.00 GiB  98.2 MiB/s  29 s left  …2026/holiday/日本語の写真/IMG_0001.jpg',
  ],
  [79, 'Copying 30% of 4.00 GiB  1,234/50,000  98.2 MiB/s  29 s left  …真/IMG_0001.jpg'],
  [70, 'Copying 30% of 4.00 GiB  1,234/50,000  98.2 MiB/s  29 s left'],
  [50, 'Copying 30% of 4.00 GiB  1,234/50,000  98.2 MiB/s'],
  [40, 'Copying 30% of 4.00 GiB  1,234/50,000'],
  [23, 'Copying 30% of 4.00 GiB'],
  [8, 'Copying…'],
])('fits into %i cells, the less important left out', (width, line) => {
  expect(formatProgress(copying, width)).toBe(line);
  expect(textWidth(line)).toBeLessThanOrEqual(width);
});

it('never grows beyond the width, whatever the name', () => {
  for (let width = 1; width < 200; width++) expect(textWidth(formatProgress(copying, width))).toBeLessThanOrEqual(width);
});

it('says what is known while the total is not', () => {
  const scanning: ProgressEvent = { type: 'progress', phase: 'scan', done: { files: 12_345, bytes: 0n }, rate: 0 };
  expect(formatProgress(scanning, 79)).toBe('Scanning  12,345 items');
  expect(formatProgress({ ...scanning, phase: 'commit', done: { files: 0, bytes: 0n } }, 79)).toBe('Recording');
});

it('counts items where there are no bytes', () => {
  const event: ProgressEvent = { ...copying, done: { files: 5, bytes: 0n }, total: { files: 10, bytes: 0n }, rate: 0 };
  const { etaSeconds: _, ...rest } = event;
  expect(formatProgress({ ...rest, current: path('a\u001b[2Jb') }, 79)).toBe('Copying 50%  5 of 10 items  a\\x1b[2Jb');
});
