// Control characters, bytes that are not UTF-8, separators of lines, and what turns text around or hides in it (UTS #36): format
// characters, but for the two joiners that scripts and emoji need.
const dangerous = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;
const dangerousAll = new RegExp(dangerous.source, 'gu');
const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/**
 * A name as it may be printed: what could move the cursor, change colours or deceive is written as `\n`, `\x1b` or `\u202e`, a byte that
 * is not UTF-8 as `\xff`. A backslash is doubled only in names that need any of this.
 */
export function escapeName(name: string): string {
  return dangerous.test(name) ? name.replaceAll('\\', '\\\\').replace(dangerousAll, escapeCharacter) : name;
}

/** A message for people, which may have several lines: as `escapeName`, but lines stay lines and backslashes stay single. */
export function escapeMessage(message: string): string {
  return dangerous.test(message)
    ? message.replace(dangerousAll, (found) => (found === '\n' ? found : escapeCharacter(found)))
    : message;
}

function escapeCharacter(character: string): string {
  const short = shortForms[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  // RelPath holds a byte that is not UTF-8 as U+DC00 + byte.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
