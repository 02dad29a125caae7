import type { VerbEntry } from './verb.ts';

/** First words of verbs of two words. */
export function verbGroups(verbs: readonly VerbEntry[]): Set<string> {
  return new Set(verbs.flatMap(({ name }) => (name.includes(' ') ? [name.slice(0, name.indexOf(' '))] : [])));
}

/** Verbs that begin with `group`, by their second word. */
export function verbsOfGroup(group: string, verbs: readonly VerbEntry[]): { readonly word: string; readonly summary: string }[] {
  return verbs.flatMap(({ name, summary }) =>
    name.startsWith(`${group} `) ? [{ word: name.slice(group.length + 1), summary }] : [],
  );
}
