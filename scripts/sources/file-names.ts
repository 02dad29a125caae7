import type { SourceFile } from './source-files.ts';

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*([.](test|config))?[.]ts$/;
/** Names that say nothing of what is inside. */
const emptyWords = /(^|[-/])(utils?|helpers?|managers?|misc|common|stuff)([-./]|$)/;

/** One line for each file whose name a newcomer could not go by. */
export function checkFileNames(files: readonly SourceFile[]): string[] {
  const broken: string[] = [];
  for (const { path } of files) {
    if (!path.endsWith('.ts')) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!kebabCase.test(name)) broken.push(`${path}: file names are kebab-case (kebab-case)`);
    if (emptyWords.test(path)) broken.push(`${path}: name it after its main export (telling-name)`);
  }
  return broken;
}
