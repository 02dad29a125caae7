import { expect, it } from 'vitest';
import { chooseColours } from './colours.ts';

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
] as const)('terminal %s with %j: %s', (isTerminal, variables: Readonly<Record<string, string>>, colours) => {
  expect(chooseColours(isTerminal, (name) => variables[name]).isColorSupported).toBe(colours);
});
