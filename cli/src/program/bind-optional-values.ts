import type { Option } from 'commander';

/**
 * Makes `--verify` of a command line `--verify=digest`, its preset: an option with an optional value takes it only after `=`, so the word
 * after it is never eaten. Words that are values of other options, and those after `--`, stay as they are.
 */
export function bindOptionalValues(words: readonly string[], options: readonly Option[]): string[] {
  const bound: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return [...bound, ...words.slice(at)];
    const option = options.find(({ long, short }) => word === long || word === short);
    bound.push(option?.optional === true ? `${word}=${String(option.presetArg)}` : word);
    const value = words[at + 1];
    if (option?.required !== true || value === undefined) continue;
    bound.push(value);
    at++;
  }
  return bound;
}
