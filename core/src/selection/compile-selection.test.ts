import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Selection, SelectionRule } from '../contracts/selection.ts';
import { decodeText, encodeText } from '../paths/rel-path.ts';
import { type CompiledSelection, compileSelection } from './compile-selection.ts';
import { parsePatternFile } from './parse-pattern-file.ts';

const everything: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: false,
};
const exclude = (...patterns: string[]): SelectionRule[] => patterns.map((pattern) => ({ effect: 'exclude', pattern }));
const include = (...patterns: string[]): SelectionRule[] => patterns.map((pattern) => ({ effect: 'include', pattern }));

/** What a walk from the root down takes: directories end in `/`. */
function walk(selection: CompiledSelection, paths: readonly string[]): string[] {
  const answers = new Map<string, string>([['', selection.decide('', true)]]);
  const all = new Map<string, boolean>();
  for (const path of paths) {
    const segments = path.replace(/\/$/, '').split('/');
    segments.forEach((_, index) =>
      all.set(segments.slice(0, index + 1).join('/'), index + 1 < segments.length || path.endsWith('/')),
    );
  }
  for (const [path, isDirectory] of [...all].sort((a, b) => a[0].split('/').length - b[0].split('/').length)) {
    const above = answers.get(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    answers.set(path, above === 'out' ? 'out' : selection.decide(path, isDirectory));
  }
  return [...all]
    .filter(([path]) => answers.get(path) === 'in')
    .map(([path, isDirectory]) => (isDirectory ? `${path}/` : path))
    .sort();
}

describe('compileSelection', () => {
  it('has nothing to ask when nothing is chosen', () => {
    const selection = compileSelection(everything);
    expect(selection.trivial).toBe(true);
    expect(selection.decide('a/b', false)).toBe('in');
  });

  it('lets the last matching rule decide', () => {
    const rules = [...exclude('*.log'), ...include('keep.log'), ...exclude('/tmp/')];
    expect(walk(compileSelection({ ...everything, rules }), ['a.log', 'keep.log', 'tmp/x', 'b/tmp/x', 'b/keep.log'])).toEqual([
      'b/',
      'b/keep.log',
      'b/tmp/',
      'b/tmp/x',
      'keep.log',
    ]);
  });

  it('takes only what is included, with what is below, when there are only includes', () => {
    const selection = compileSelection({ ...everything, rules: include('*.txt', '/photos/') });
    expect(walk(selection, ['a.txt', 'b.bin', 'photos/raw/x', 'sub/photos/x', 'sub/c.txt'])).toEqual([
      'a.txt',
      'photos/',
      'photos/raw/',
      'photos/raw/x',
      'sub/c.txt',
    ]);
    expect(selection.decide('sub', true)).toBe('only-if-descendants');
    expect(selection.mayDefer).toBe(true);
  });

  it('leaves out of what is included what a negated include matches', () => {
    const selection = compileSelection({ ...everything, rules: include('photos/', '!*.raw') });
    expect(walk(selection, ['photos/x.raw', 'photos/y.jpg'])).toEqual(['photos/', 'photos/y.jpg']);
  });

  it('does not enter directories where no anchored include can match', () => {
    const selection = compileSelection({ ...everything, rules: include('/home/*/documents/', '/etc/fstab') });
    expect(['home', 'home/ann', 'etc', 'var', 'etcetera'].map((path) => selection.decide(path, true))).toEqual([
      'only-if-descendants',
      'only-if-descendants',
      'only-if-descendants',
      'out',
      'out',
    ]);
  });

  it('does not turn an exclude file with only negations into an include list', () => {
    expect(compileSelection({ ...everything, rules: exclude('!keep') }).decide('other', false)).toBe('in');
  });

  it('keeps to the chosen paths and the directories leading there', () => {
    const selection = compileSelection({ ...everything, paths: ['a/b', 'c'], rules: exclude('*.o') });
    expect(selection.decide('a', true)).toBe('only-if-descendants');
    expect(selection.decide('a', false)).toBe('out');
    expect(selection.decide('', true)).toBe('in');
    expect(walk(selection, ['a/b/x', 'a/b/x.o', 'a/c/x', 'ab/x', 'c', 'cd'])).toEqual(['a/b/', 'a/b/x', 'c']);
  });

  it('leaves out files that are too large, and only files', () => {
    const selection = compileSelection({ ...everything, excludeLargerThan: 10n });
    expect([
      selection.trivial,
      selection.excludes('a', false, 10n),
      selection.excludes('a', false, 11n),
      selection.excludes('a', true),
    ]).toEqual([false, false, true, false]);
  });

  it('reads # and spaces at the end of a rule as part of the name', () => {
    const excluded = (pattern: string, path: string): boolean =>
      compileSelection({ ...everything, rules: exclude(pattern) }).excludes(path, false);
    expect(excluded('#recycle', '#recycle')).toBe(true);
    expect(excluded('a ', 'a ')).toBe(true);
    expect(excluded('a ', 'a')).toBe(false);
    expect(excluded('a\\ ', 'a ')).toBe(true);
    expect(excluded('a\r', 'a\r')).toBe(true);
    expect(excluded('a\n', 'a\n')).toBe(true);
    expect(excluded('\\!a', '!a')).toBe(true);
  });
});

describe('compileSelection against git', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'hf-selection-'));
    execFileSync('git', ['init', '-q', root]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** The paths that git excludes. Paths that do not exist: a slash at the end makes one a directory to git too. */
  function judge(patterns: Uint8Array, paths: readonly string[]): string[] {
    writeFileSync(join(root, '.gitignore'), patterns);
    const input = Buffer.concat(paths.map((path) => Buffer.concat([encodeText(path), Buffer.from([0])])));
    const answer = check(input);
    return decodeText(answer).split('\0').slice(0, -1);
  }
  function check(input: Buffer): Uint8Array {
    try {
      return execFileSync('git', ['-c', 'core.ignorecase=false', 'check-ignore', '--no-index', '-z', '--stdin'], {
        cwd: root,
        input,
      });
    } catch (error) {
      if ((error as { status: number }).status === 1) return Buffer.alloc(0);
      throw error;
    }
  }
  function excludedByUs(patterns: Uint8Array, paths: readonly string[]): string[] {
    const selection = compileSelection({ ...everything, rules: parsePatternFile(patterns) });
    return paths.filter((path) => {
      const segments = path.split('/');
      return segments.some((_, index) => selection.excludes(segments.slice(0, index + 1).join('/'), index + 1 < segments.length));
    });
  }

  const segment = fc
    .oneof(
      { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', 'x'), minLength: 1, maxLength: 3 }) },
      fc.string({
        unit: fc.constantFrom('a', ' ', '!', '#', '\\', '\n', '\r', '\t', '*', '[', ']', '-', '?', 'é', '😀', '\udcff', '\udc80'),
        minLength: 1,
        maxLength: 4,
      }),
    )
    .filter((text) => text !== '.' && text !== '..');
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
  const patternPart = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c', 'x', '.', '*', '?', '/', 'ab') },
    fc.constantFrom(
      '**',
      '/**',
      '**/',
      '/**/',
      '[ab]',
      '[!a]',
      '[a-c]',
      '[[:alpha:]]',
      '[',
      ']',
      '\\a',
      '\\*',
      '\\?',
      '\\\\',
      ' ',
      '\\ ',
      'é',
      '\udcff',
      '!',
      '#',
      '😀',
      '\t',
      '[^x]',
      '[]a]',
      '[b-a]',
      '$',
      '+',
      '(',
      '{a,b}',
      '|',
      '^',
    ),
  );
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '', '!', '/', '\\!', '\\#'),
      fc.array(patternPart, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('', '', '/', ' '),
    )
    .map(([start, parts, end]) => start + parts.join('') + end);

  it('reads asterisks side by side as git does', () => {
    const patterns = [
      'x**/c',
      '/x**/c',
      'd/x**/c',
      '?x**/c',
      'x*/**y/c',
      'x**c/d',
      'a/x**',
      'x**/',
      'x**//',
      'x**/**/c',
      'x**/y**/c',
    ];
    const paths = [
      'xc',
      'x/c',
      'xa/c',
      'xa/b/c',
      'xa/b/y/c',
      'x/yq/c',
      'xyc',
      'xaac/d',
      'xa/ac/d',
      'ax/b/c',
      'a/x/y',
      'a/b/x',
      'd/x/b/c',
      'x',
    ];
    for (const each of [...patterns, ...patterns.map((text) => text.replace('**', '***'))]) {
      const file = encodeText(each);
      expect({ each, out: excludedByUs(file, paths) }).toEqual({ each, out: judge(file, paths) });
    }
    expect(excludedByUs(encodeText('x**/c'), paths)).toContain('xa/b/c');
  });

  it('excludes what git excludes', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 5 }),
        fc.uniqueArray(path, { minLength: 1, maxLength: 60 }),
        (patterns, paths) => {
          const file = encodeText(patterns.join('\n'));
          expect(excludedByUs(file, paths)).toEqual(judge(file, paths));
        },
      ),
      { numRuns: 300 },
    );
  });
});
