import { expect, it } from 'vitest';
import { packageEntry } from './package-entry.ts';

const conditions = new Set(['import', 'node']);

it.each([
  [{}, 'index.js'],
  [{ main: 'lib/main.js' }, 'lib/main.js'],
  [{ main: 'a.js', exports: './b.js' }, './b.js'],
  [{ exports: { '.': './b.js', './c': './c.js' } }, './b.js'],
  [{ exports: { require: './r.cjs', default: './d.js' } }, './d.js'],
  [{ exports: { '.': { default: './first.js', import: './i.js' } } }, './first.js'],
  [{ exports: { node: { require: './r.cjs' }, import: './i.js' } }, './i.js'],
  [{ exports: [{ require: './r.cjs' }, './list.js'] }, './list.js'],
  [{ exports: { './c': './c.js' } }, undefined],
  [{ exports: './../outside.js' }, undefined],
  [{ exports: 'bare' }, undefined],
  [{ exports: false }, undefined],
])('%j has the entry %s', (fields, entry) => {
  expect(packageEntry(fields, conditions)).toBe(entry);
});
