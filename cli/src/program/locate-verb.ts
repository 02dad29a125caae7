import { HoldfastError } from '@holdfast/core';
import { suggest } from './suggest.ts';
import type { VerbEntry } from './verb.ts';
import { verbGroups, verbTable } from './verb-table.ts';

export interface LocatedVerb {
  /** Absent when the command line names none. */
  readonly entry?: VerbEntry;
  /** Everything but the words of the verb. */
  readonly rest: readonly string[];
}

/** Finds the verb of a command line; common options may stand before it. Throws `usage` for an unknown one, with what may be meant. */
export function locateVerb(words: readonly string[]): LocatedVerb {
  const [first, second] = operandPositions(words);
  if (first === undefined) return { rest: words };
  const word = words[first] ?? '';
  if (!verbGroups.has(word)) return { entry: findVerb(word), rest: words.toSpliced(first, 1) };
  if (second === undefined) throw incomplete(word);
  return { entry: findVerb(`${word} ${words[second] ?? ''}`), rest: words.toSpliced(second, 1).toSpliced(first, 1) };
}

/** The verb of this name. Throws `usage` as `locateVerb` does. */
export function findVerb(name: string): VerbEntry {
  const entry = verbTable.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  if (verbGroups.has(name)) throw incomplete(name);
  const near = suggest(
    name,
    verbTable.map((each) => each.name),
  );
  throw new HoldfastError('usage', `There is no command "${name}".`, {
    hint:
      near === undefined
        ? 'See `holdfast help` for all commands.'
        : `Did you mean \`holdfast ${near}\`? See \`holdfast help\` for all commands.`,
  });
}

function incomplete(group: string): HoldfastError {
  const names = verbTable.flatMap(({ name }) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : []));
  return new HoldfastError('usage', `"holdfast ${group}" needs another word: ${names.join(', ')}.`, {
    hint: `See \`holdfast help ${group}\`.`,
  });
}

/** Where the words are that are no options. Of the common options only --config takes a word after it. */
function operandPositions(words: readonly string[]): number[] {
  const positions: number[] = [];
  for (let at = 0; at < words.length && positions.length < 2; at++) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (word === '--config') at++;
    else if (!word.startsWith('-') || word === '-') positions.push(at);
  }
  return positions;
}
