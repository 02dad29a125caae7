import { buildCommand } from '../program/parse-verb.ts';
import type { VerbEntry } from '../program/verb.ts';
import { verbGroups, verbsOfGroup } from '../program/verb-groups.ts';

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
export async function readCompletions(verbs: readonly VerbEntry[]): Promise<Completions> {
  const second = new Map([...verbGroups(verbs)].map((group) => [group, verbsOfGroup(group, verbs)]));
  const groups = [...second].map(([word, words]) => ({ word, summary: words.map((each) => each.word).join(', ') }));
  const single = verbs.flatMap(({ name, summary }) => (name.includes(' ') ? [] : [{ word: name, summary }]));
  const first = [...single, ...groups];
  const read = async (entry: VerbEntry): Promise<CompletedVerb> => {
    const verb = await readVerb(entry);
    return entry.name === 'help' ? { ...verb, choices: first.map(({ word }) => word) } : verb;
  };
  return { first, second, verbs: await Promise.all(verbs.map(read)) };
}

async function readVerb({ name, summary, load }: VerbEntry): Promise<CompletedVerb> {
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
