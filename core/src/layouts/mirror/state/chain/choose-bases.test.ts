import { expect, it } from 'vitest';
import { chooseBases } from './choose-bases.ts';
import type { ManifestSizes } from './list-manifests.ts';

it('keeps the first and the newest base, and of the others those that save more reading than they take room', () => {
  const sizes: ManifestSizes = new Map([
    ['1', { base: 100n }],
    ['2', { delta: 60n }],
    ['3', { base: 100n, delta: 30n }],
    ['4', { delta: 20n }],
    ['5', { base: 100n, delta: 10n }],
    ['6', { delta: 40n }],
    ['7', { base: 100n, delta: 10n }],
    ['8', { delta: 5n }],
  ]);
  expect([...chooseBases(['1', '2', '3', '4', '5', '6', '7', '8'], sizes)].sort()).toEqual(['1', '5', '7']);
  expect([...chooseBases(['2', '4'], sizes)]).toEqual([]);
});
