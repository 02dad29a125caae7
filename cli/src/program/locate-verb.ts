import { HoldfastError } from '@holdfast/core';
import { suggest } from './suggest.ts';
import type { VerbEntry } from './verb.ts';
import { verbGroups, verbsOfGroup } from './verb-groups.ts';

export interface LocatedVerb {
  /** Absent when the command line names none. */
  readonly entry?: VerbEntry;
  /** Everything but the words of the verb. */
  readonly rest: readonly string[];
}

/** Finds the verb of a command line; common options may stand before it. Throws `usage` for an unknown one, with what may be meant. */
export function locateVerb(words: readonly string[], verbs: readonly VerbEntry[]): LocatedVerb {
  const [first, second] = operandPositions(words);
  if (first === undefined) return { rest: words };
  const word = words[first] ?? '';
  if (!verbGroups(verbs).has(word)) return { entry: findVerb(word, verbs), rest: words.toSpliced(first, 1) };
  if (second === undefined) throw incomplete(word, verbs);
  return { entry: findVerb(`${word} ${words[second] ?? ''}`, verbs), rest: words.toSpliced(second, 1).toSpliced(first, 1) };
}

/** The verb of this name. Throws `usage` as `locateVerb` does. */
export function findVerb(name: string, verbs: readonly VerbEntry[]): VerbEntry {
  const entry = verbs.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  if (verbGroups(verbs).has(name)) throw incomplete(name, verbs);
  const near = suggest(
    name,
    verbs.map((each) => each.name),
  );
  throw new HoldfastError('usage', `There is no command "${name}".`, {
    hint:
      near === undefined
        ? 'See `holdfast help` for all commands.'
        : `Did you mean \`holdfast ${near}\`? See \`holdfast help\` for all commands.`,
  });
}

function incomplete(group: string, verbs: readonly VerbEntry[]): HoldfastError {
  const names = verbsOfGroup(group, verbs).map(({ word }) => word);
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
