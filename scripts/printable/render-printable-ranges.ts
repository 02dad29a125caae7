import { join } from 'node:path';

/** Code points from `begin` to before `end`. */
export interface CodePointRange {
  readonly begin: number;
  readonly end: number;
}

export const printableRangesPath = join(
  import.meta.dirname,
  '../../core/src/layouts/repository/format/go-text/printable-ranges.ts',
);

const CODE_POINTS = 0x110000;

/** The text of printable-ranges.ts. The ranges come in any order, but do not overlap. */
export function renderPrintableRanges(in15: readonly CodePointRange[], in13: readonly CodePointRange[]): string {
  const now = toFlags(in15);
  const before = toFlags(in13);
  const lost = before.findIndex((flag, codePoint) => flag === 1 && now[codePoint] === 0);
  if (lost >= 0) throw new Error(`U+${lost.toString(16)} was printable before: the tables cannot say that.`);
  const added = now.map((flag, codePoint) => flag & ~(before[codePoint] as number));
  return [
    '/**',
    ' * Which code points Go takes for printable. Gaps and lengths of the ranges in turn, in base 36.',
    ' * Made by `npm run generate:printable` from the General_Category of the Unicode Character Database.',
    ' */',
    '',
    renderTable('printableIn15', 'Unicode 15.0.', now),
    renderTable('printableSince13', 'Those of them that Unicode 13.0 did not have.', added),
  ].join('\n');
}

function toFlags(ranges: readonly CodePointRange[]): Uint8Array {
  const flags = new Uint8Array(CODE_POINTS);
  for (const { begin, end } of ranges) flags.fill(1, begin, end);
  return flags;
}

function renderTable(name: string, about: string, flags: Uint8Array): string {
  const numbers: string[] = [];
  for (let at = 0, wanted = 1; at < flags.length; wanted ^= 1) {
    const next = flags.indexOf(wanted, at);
    if (next < 0 && wanted === 1) break;
    const end = next < 0 ? flags.length : next;
    numbers.push((end - at).toString(36));
    at = end;
  }
  const lines = numbers.join(' ').match(/.{1,118}(?: |$)/g) ?? [];
  return `/** ${about} */\nexport const ${name} =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`;
}
