import type { CompletedOption, CompletedVerb, Completions } from './read-completions.ts';

/** A script for fish (https://fishshell.com/docs/current/completions.html). */
export function completeFish({ first, second, verbs }: Completions): string {
  const groups = [...second.keys()];
  return [
    '# fish completion for holdfast',
    ...verbFunction(groups),
    ...first.map(({ word, summary }) => `complete -c holdfast -n '__holdfast_verb ""' -f -a ${quote(word)} -d ${quote(summary)}`),
    ...[...second].flatMap(([group, words]) =>
      words.map(
        ({ word, summary }) => `complete -c holdfast -n '__holdfast_verb "${group}"' -f -a ${quote(word)} -d ${quote(summary)}`,
      ),
    ),
    ...verbs.flatMap(describeVerb),
  ].join('\n');
}

/** Tells whether the words so far name this verb. */
function verbFunction(groups: readonly string[]): string[] {
  return [
    'function __holdfast_verb',
    '    set -l verb',
    '    for word in (commandline -opc)[2..]',
    '        string match -q -- "-*" $word; and continue',
    '        set -a verb $word',
    `        contains -- "$verb" ${groups.join(' ')}; or break`,
    '    end',
    '    test "$verb" = "$argv[1]"',
    'end',
  ];
}

function describeVerb({ name, options, choices }: CompletedVerb): string[] {
  const start = `complete -c holdfast -n '__holdfast_verb "${name}"'`;
  const words = choices.length > 0 ? [`${start} -f -a ${quote(choices.join(' '))}`] : [];
  return [...words, ...options.map((option) => `${start} ${describeOption(option)}`)];
}

function describeOption({ names, description, value, choices }: CompletedOption): string {
  const parts = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  // An optional value stands after = only, which fish completes for a long option without -r too.
  if (value === 'next word') parts.push(choices.length > 0 ? '-x' : '-r');
  if (choices.length > 0) parts.push(`-a ${quote(choices.join(' '))}`);
  return [...parts, `-d ${quote(description)}`].join(' ');
}

/** Within single quotes fish reads a backslash before a quote or a backslash. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
