import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Selection } from '../contracts/selection.ts';
import { addExclusion, patternOf } from './add-exclusion.ts';
import { compileSelection } from './compile-selection.ts';

const everything: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: false,
};

describe('addExclusion', () => {
  it.each([
    [[], ['a', 'b.txt'], ['c']],
    [[{ effect: 'exclude', pattern: '*.o' }], ['a', 'b.txt'], ['c', 'x.o']],
    [[{ effect: 'include', pattern: '*.txt' }], ['b.txt'], ['a', 'c']],
  ] as const)('changes nothing else of %j', (rules, included, excluded) => {
    const selection = compileSelection(addExclusion({ ...everything, rules }, '/c'));
    expect(included.filter((path) => selection.decide(path, false) !== 'in')).toEqual([]);
    expect(excluded.filter((path) => selection.decide(path, false) !== 'out')).toEqual([]);
  });

  it('leaves out exactly one path, whatever it is called', () => {
    const segment = fc.string({
      unit: fc.constantFrom('a', '*', '?', '[', ']', '\\', '!', '#', ' ', '\n', '\r', '-', 'é', '\udcff', '.', '{'),
      minLength: 1,
      maxLength: 5,
    });
    const path = fc
      .array(
        segment.filter((text) => text !== '.' && text !== '..'),
        { minLength: 1, maxLength: 3 },
      )
      .map((segments) => segments.join('/'));
    fc.assert(
      fc.property(path, path, (chosen, other) => {
        const { decide } = compileSelection(addExclusion(everything, patternOf(chosen)));
        expect(decide(chosen, false)).toBe('out');
        if (!`${other}/`.startsWith(`${chosen}/`)) expect(decide(other, false)).toBe('in');
      }),
      { numRuns: 1000 },
    );
  });
});
