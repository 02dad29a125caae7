import ignore, { type Ignore } from 'ignore';
import type { Pattern } from './pattern.ts';

/** `ignore` remembers the answer for every path it was asked about; after so many questions it is made anew from the compiled rules. */
const QUESTIONS_REMEMBERED = 4096;

/** What the rules say of one path: the last rule that matches it, or that excludes a directory above it, decides. */
export type RuleAnswer = 'included' | 'excluded' | 'unmatched';

/** The function that applies patterns, in their order, to paths whose every byte is one character. */
export function compileRules(patterns: readonly Pattern[]): (bytePath: string, isDirectory: boolean) => RuleAnswer {
  const rules = makeIgnore().add(
    patterns.flatMap(({ includes, bytes }) => asIgnoreReads(bytes).map((each) => `${includes ? '!' : ''}${quoteEnds(each)}`)),
  );
  let matcher = makeIgnore().add(rules);
  let questions = 0;
  return (bytePath, isDirectory) => {
    if (++questions > QUESTIONS_REMEMBERED) {
      questions = 0;
      matcher = makeIgnore().add(rules);
    }
    const answer = matcher.test(isDirectory ? `${bytePath}/` : bytePath);
    if (answer.ignored) return 'excluded';
    return answer.unignored ? 'included' : 'unmatched';
  };
}

function makeIgnore(): Ignore {
  return ignore({ ignorecase: false });
}

/**
 * Patterns that mean to `ignore` what this one means to git. Asterisks side by side that are not a whole segment are one
 * (gitignore(5)), except where they are the first wildcard of a pattern with a slash: git compares what stands before it by itself
 * (match_pathname in dir.c), so that of `x**` and `/c` the asterisks begin a pattern and stand for directories.
 */
function asIgnoreReads(pattern: string): string[] {
  const body = pattern.replace(/\/$/, '');
  const end = pattern.slice(body.length);
  const [, before, rest = ''] = /^\/?([^*?[\\]*[^*?[\\/])\*{2,}\/(.*)$/s.exec(body) ?? [];
  if (before === undefined) return [mergeStars(pattern)];
  const none = `/${before}${rest}${end}`;
  const some = rest === '' ? [] : [mergeStars(`/${before}*/**/${rest}${end}`)];
  return [...(rest.startsWith('**') ? asIgnoreReads(none) : [mergeStars(none)]), ...some];
}

function mergeStars(pattern: string): string {
  return pattern.replace(/\\[^]|\*{2,}/g, (part, at: number) => {
    if (!part.startsWith('*')) return part;
    const isSegment = /(^|\/)$/.test(pattern.slice(0, at)) && /^(\\?\/|$)/.test(pattern.slice(at + part.length));
    return isSegment ? '**' : '*';
  });
}

/** Keeps `ignore` from reading a pattern as a line of a file, where `#` begins a comment and white space at the end is dropped. */
function quoteEnds(pattern: string): string {
  const start = /^[#!]/.test(pattern) ? `\\${pattern}` : pattern;
  // Not by a bracket: it would close one that the pattern opens and does not close, so that it matches nothing.
  if (start.endsWith(' '))
    return start.replace(/(\\*) $/, (_, backslashes: string) => `${backslashes}${backslashes.length % 2 === 0 ? '\\' : ''} `);
  return start.replace(/(\\*)([\r\n])$/, (_, backslashes: string, last: string) => {
    const literal = backslashes.slice(backslashes.length % 2);
    return `${literal}[${last}]`;
  });
}
