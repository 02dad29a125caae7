import type { SelectionRule } from '../contracts/selection.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { encodeText } from '../paths/rel-path.ts';

/** A rule's pattern, taken apart the way git's parse_path_pattern (dir.c) does. */
export interface Pattern {
  /** Whether what matches takes part. */
  readonly includes: boolean;
  /** The pattern without a leading `!`, each byte as one character. */
  readonly bytes: string;
}

/**
 * Reads the pattern of a rule: gitignore(5)'s syntax without what belongs to a file of them, so `#` and spaces at the end
 * are ordinary characters. A leading `!` turns the effect around. undefined for a pattern without any character.
 */
export function readPattern(rule: SelectionRule): Pattern | undefined {
  const negated = rule.pattern.startsWith('!');
  const text = negated ? rule.pattern.slice(1) : rule.pattern;
  if (text === '') return undefined;
  return { includes: (rule.effect === 'include') !== negated, bytes: toByteText(text) };
}

/** Checks a pattern that a person wrote. Throws `usage` for one that can never match, because a typing error would be silent. */
export function parsePattern(effect: SelectionRule['effect'], pattern: string): SelectionRule {
  const body = pattern.replace(/^!/, '');
  if (body.replaceAll('/', '') === '') {
    throw new HoldfastError('usage', `The pattern "${pattern}" matches nothing.`, {
      hint: 'Give a name or pattern, for example "*.tmp".',
    });
  }
  if (endsInLoneBackslash(body.replace(/\/$/, ''))) {
    throw new HoldfastError('usage', `The pattern "${pattern}" ends in a backslash that stands before nothing.`, {
      hint: 'Write two backslashes for a name that ends in one.',
    });
  }
  return { effect, pattern };
}

/**
 * Text with one character for each byte, the way git compares: `?` and `[…]` match one byte, so patterns mean here
 * exactly what they mean to git, for names that are not UTF-8 too.
 */
export function toByteText(text: string): string {
  return /[\u0080-\uffff]/.test(text) ? encodeText(text).toString('latin1') : text;
}

function endsInLoneBackslash(text: string): boolean {
  return (/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1;
}
