import type { SourceFile } from './source-files.ts';

interface Word {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Each pattern is written so that it does not match its own text. */
const words: readonly Word[] = [
  { rule: 'no-open-ends', pattern: /\b(TO[D]O|FIX[M]E|X[X]X)\b/, instead: 'finish it, or write it down outside of the sources' },
  {
    rule: 'no-registry-hosts',
    pattern: /registry[.](npmjs|yarnpkg)[.]|deb[.]debian[.]org|npmmirro[r]/,
    instead: 'name the package only',
  },
  {
    rule: 'no-foreign-paths',
    pattern: /[.][.]\/shar[e]d\b|\/wor[k]\/(main|shared)\b/,
    instead: 'refer to files of this project',
  },
  {
    rule: 'no-authorship',
    pattern: /\b(Clau[d]e|Anthro[p]ic|ChatG[P]T|Copi[l]ot|co-authore[d]-by)\b/i,
    instead: 'speak of the project',
  },
];

/** One line for each word that the project's own files do not use. */
export function checkHouseWords(files: readonly SourceFile[]): string[] {
  const broken: string[] = [];
  for (const { path, lines } of files) {
    for (const [index, line] of lines.entries()) {
      for (const { rule, pattern, instead } of words) {
        const found = pattern.exec(line);
        if (found !== null) broken.push(`${path}:${index + 1}: "${found[0]}": ${instead} (${rule})`);
      }
    }
  }
  return broken;
}
