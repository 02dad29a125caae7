import { expect, it } from 'vitest';
import { escapeMessage, escapeName } from './escape-text.ts';

it.each([
  ['plain name.txt', 'plain name.txt'],
  ['a\\b', 'a\\b'],
  ['日本語 é 👩‍💻', '日本語 é 👩‍💻'],
  ['a\nb\tc\r', 'a\\nb\\tc\\r'],
  ['\u001b[31mred', '\\x1b[31mred'],
  ['bell\u0007 del\u007f csi\u009b', 'bell\\x07 del\\x7f csi\\x9b'],
  ['txt.\u202egpj.exe', 'txt.\\u202egpj.exe'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['line\u2028sep', 'line\\u2028sep'],
  ['byte \udcff', 'byte \\xff'],
  ['lone \ud800', 'lone \\ud800'],
  ['back\\slash and \u001b', 'back\\\\slash and \\x1b'],
])('%j is shown as %s', (name, shown) => expect(escapeName(name)).toBe(shown));

it('keeps the lines of a message, and nothing else that moves the cursor', () => {
  expect(escapeMessage('first\nsecond "a\u001b]0;x\u0007b"')).toBe('first\nsecond "a\\x1b]0;x\\x07b"');
});

it('leaves nothing dangerous in any text', () => {
  for (let code = 0; code < 0x3000; code++) expect(escapeName(String.fromCodePoint(code))).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
});
