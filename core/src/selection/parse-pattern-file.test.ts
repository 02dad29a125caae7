import { describe, expect, it } from 'vitest';
import { encodeText } from '../paths/rel-path.ts';
import { parsePathFile, parsePatternFile } from './parse-pattern-file.ts';
import { parsePattern } from './pattern.ts';

describe('parsePatternFile', () => {
  it('drops comments, blank lines, line ends and unescaped spaces at the end', () => {
    const text = '\ufeff# comment\r\n\r\n   \n*.tmp  \n\\#kept\nspace\\ \n!keep.tmp\nlast\r';
    expect(parsePatternFile(encodeText(text)).map(({ pattern }) => pattern)).toEqual([
      '*.tmp',
      '\\#kept',
      'space\\ ',
      '!keep.tmp',
      'last',
    ]);
  });

  it('keeps bytes that are not UTF-8', () => {
    expect(parsePatternFile(Uint8Array.of(0x61, 0xff, 0x0a))).toEqual([{ effect: 'exclude', pattern: 'a\udcff' }]);
  });
});

describe('parsePathFile', () => {
  it('reads one path a line', () => {
    expect(parsePathFile(encodeText('# list\n./a/b/\n/etc//fstab\n\n\\#x\na/b\n two \n'))).toEqual([
      'a/b',
      'etc/fstab',
      '#x',
      ' two ',
    ]);
  });

  it('takes names as they are between NUL bytes', () => {
    expect(parsePathFile(encodeText('#a\0b\nc\0'))).toEqual(['#a', 'b\nc']);
  });

  it('means the whole source by a dot', () => {
    expect(parsePathFile(encodeText('.\n'))).toEqual(['']);
  });

  it.each(['', '# nothing\n\n', 'a/../b\n'])('refuses %j', (text) => {
    expect(() => parsePathFile(encodeText(text))).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('parsePattern', () => {
  it.each(['', '!', '/', 'a\\', 'a\\/', 'a\\\\\\'])('refuses %j, which matches nothing', (pattern) => {
    expect(() => parsePattern('exclude', pattern)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it.each(['a', '!a', '*', 'a\\\\', '/a/', '#a', ' '])('takes %j', (pattern) => {
    expect(parsePattern('exclude', pattern)).toEqual({ effect: 'exclude', pattern });
  });
});
