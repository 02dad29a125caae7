import type { SourceFile } from './source-files.ts';

const maxLines = 300;
const maxMedianLines = 90;

/** What ships: neither tests nor scripts. */
const product = /^(core|cli|plugins\/[^/]+)\/src\/.*(?<![.]test)[.]ts$/;
const program = /([.](ts|js|mjs|sh)|\/bin\/[^/]+|^scripts\/[^.]+|^[.]ci\/run)$/;

/** One line for each broken budget: a file too long, or too many long ones. */
export function checkSizes(files: readonly SourceFile[]): string[] {
  const tooLong = files
    .filter((file) => program.test(file.path) && file.lines.length > maxLines)
    .map((file) => `${file.path}: ${file.lines.length} lines, at most ${maxLines} are allowed (size-budget)`);
  const lengths = files.filter((file) => product.test(file.path)).map((file) => file.lines.length);
  const median = lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
  if (median <= maxMedianLines) return tooLong;
  return [...tooLong, `The median source file has ${median} lines, at most ${maxMedianLines} are allowed (median-budget)`];
}
