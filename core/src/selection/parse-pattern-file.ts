import type { RelPath } from '../contracts/rel-path.ts';
import type { SelectionRule } from '../contracts/selection.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { decodeText, parseRelPath } from '../paths/rel-path.ts';

/**
 * The rules of a file in gitignore's format (`--exclude-from`): `#` begins a comment line, `\#` a name; spaces at the end of a
 * line count only after a backslash; `!` turns the effect around. Any bytes; lines end in LF or CRLF.
 */
export function parsePatternFile(bytes: Uint8Array, effect: SelectionRule['effect'] = 'exclude'): SelectionRule[] {
  return splitLines(bytes)
    .filter((line) => !line.startsWith('#'))
    .map(trimUnescapedSpaces)
    .filter((pattern) => pattern !== '' && pattern !== '!')
    .map((pattern) => ({ effect, pattern }));
}

/**
 * The paths of a file (`--files-from`), relative to the source; a leading `/` or `./` and a `/` at the end mean nothing. One a line
 * with `#` for comments and `\#` for a name that begins so, or, when the file has a NUL byte, each as it is and ended by
 * NUL (`find -print0`). Throws `usage` for `..` and for a file that names nothing, which would otherwise mean everything.
 */
export function parsePathFile(bytes: Uint8Array): RelPath[] {
  const texts = bytes.includes(0)
    ? decodeText(bytes).split('\0')
    : splitLines(bytes)
        .filter((line) => !line.startsWith('#'))
        .map((line) => line.replace(/^\\#/, '#'));
  const paths = texts.filter((text) => text !== '').map(toRelPath);
  if (paths.length === 0) {
    throw new HoldfastError('usage', 'The list of paths names none.', { hint: 'Write one path a line, relative to the source.' });
  }
  return [...new Set(paths)];
}

function toRelPath(text: string): RelPath {
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) {
    throw new HoldfastError('usage', `The path "${text}" in the list leads out of the source.`, {
      hint: 'Write paths without "..".',
    });
  }
  return parseRelPath(segments.join('/'));
}

function splitLines(bytes: Uint8Array): string[] {
  return decodeText(bytes)
    .replace(/^\ufeff/, '')
    .split(/\r?\n|\r$/);
}

/** As git's trim_trailing_spaces (dir.c): a backslash keeps the character after it. */
function trimUnescapedSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === ' ') continue;
    if (line[at] === '\\') at++;
    end = at + 1;
  }
  return line.slice(0, end);
}
