import { describe, expect, it } from 'vitest';
import { keepEnd, keepStart, textWidth } from './text-width.ts';
import { wrapText } from './wrap-text.ts';

it.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['ｆ', 2],
  ['👍', 2],
  ['…', 1],
])('%j takes %i cells', (text, width) => expect(textWidth(text)).toBe(width));

describe('cutting', () => {
  it.each([
    ['photos/2026/a.jpg', 30, 'photos/2026/a.jpg'],
    ['photos/2026/a.jpg', 10, '…026/a.jpg'],
    ['日本語.txt', 8, '…語.txt'],
    ['日本語.txt', 9, '…本語.txt'],
    ['abc', 1, '…'],
  ])('keeps the end of %j in %i cells', (text, width, cut) => {
    expect(keepEnd(text, width)).toBe(cut);
    expect(textWidth(cut)).toBeLessThanOrEqual(width);
  });

  it('keeps the start, or marks it in ASCII', () => {
    expect(keepStart('Copying 100%', 8)).toBe('Copying…');
    expect(keepEnd('photos/a.jpg', 8, '...')).toBe('...a.jpg');
  });
});

describe('wrapText', () => {
  it('breaks between words, keeps line breaks and their indentation', () => {
    expect(wrapText('one two three\n  four five six\n\nseven', 10)).toEqual([
      'one two',
      'three',
      '  four',
      '  five six',
      '',
      'seven',
    ]);
  });

  it('gives a word that is too long a line of its own', () => {
    expect(wrapText('see /a/very/long/path now', 8, '  ')).toEqual(['  see', '  /a/very/long/path', '  now']);
  });
});
