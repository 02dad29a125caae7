import { buildCommand } from '../program/parse-verb.ts';
import { verbGroups, verbTable } from '../program/verb-table.ts';

export interface CompletedOption {
  /** `--verify`, `-n`. */
  readonly names: readonly string[];
  readonly description: string;
  /** `after equals`: takes a value after `=` only. */
  readonly value: 'none' | 'next word' | 'after equals';
  /** Every value there is, where they can be listed. */
  readonly choices: readonly string[];
}

export interface CompletedVerb {
  /** One word, or two with a space between. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What its words can be, where that can be listed; otherwise they are paths. */
  readonly choices: readonly string[];
}

export interface Completions {
  /** What can stand first: verbs, and the first words of those that have two. */
  readonly first: readonly CompletedWord[];
  /** For each first word of a verb of two what can stand second. */
  readonly second: ReadonlyMap<string, readonly CompletedWord[]>;
  readonly verbs: readonly CompletedVerb[];
}

export interface CompletedWord {
  readonly word: string;
  readonly summary: string;
}

/** What a shell can complete, from the definitions of the verbs themselves. */
export async function readCompletions(): Promise<Completions> {
  const inGroup = (group: string): CompletedWord[] =>
    verbTable.flatMap(({ name, summary }) =>
      name.startsWith(`${group} `) ? [{ word: name.slice(group.length + 1), summary }] : [],
    );
  const second = new Map([...verbGroups].map((group) => [group, inGroup(group)]));
  const groups = [...second].map(([word, words]) => ({ word, summary: words.map((each) => each.word).join(', ') }));
  const single = verbTable.flatMap(({ name, summary }) => (name.includes(' ') ? [] : [{ word: name, summary }]));
  return { first: [...single, ...groups], second, verbs: await Promise.all(verbTable.map(readVerb)) };
}

async function readVerb({ name, summary, load }: (typeof verbTable)[number]): Promise<CompletedVerb> {
  const { options, registeredArguments } = buildCommand(name, await load());
  return {
    name,
    summary,
    choices: registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    options: options.map(({ long, short, description, required, optional, argChoices }) => ({
      names: [long, short].filter((each) => each !== undefined),
      description,
      value: required ? 'next word' : optional ? 'after equals' : 'none',
      choices: argChoices ?? [],
    })),
  };
}
