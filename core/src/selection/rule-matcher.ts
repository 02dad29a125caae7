import ignore, { type Ignore } from 'ignore';
import type { Pattern } from './pattern.ts';

/** `ignore` remembers the answer for every path it was asked about; after so many questions it is made anew from the compiled rules. */
const QUESTIONS_REMEMBERED = 4096;

/** What the rules say of one path: the last rule that matches it, or that excludes a directory above it, decides. */
export type RuleAnswer = 'included' | 'excluded' | 'unmatched';

/** The function that applies patterns, in their order, to paths whose every byte is one character. */
export function compileRules(patterns: readonly Pattern[]): (bytePath: string, isDirectory: boolean) => RuleAnswer {
  const rules = makeIgnore().add(patterns.map(({ includes, bytes }) => (includes ? `!${quoteEnds(bytes)}` : quoteEnds(bytes))));
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

/** Keeps `ignore` from reading a pattern as a line of a file, where `#` begins a comment and white space at the end is dropped. */
function quoteEnds(pattern: string): string {
  const start = /^[#!]/.test(pattern) ? `\\${pattern}` : pattern;
  return start.replace(/(\\*)([ \r\n])$/, (_, backslashes: string, last: string) => {
    const literal = backslashes.slice(backslashes.length % 2);
    return `${literal}[${last}]`;
  });
}
