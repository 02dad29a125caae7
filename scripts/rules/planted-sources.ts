import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProjectFiles } from '../project-files.ts';
import { escapePattern, type PlantedViolation } from './planted-violation.ts';

const planted = 'core/src/planted';

export const plantedSources: readonly PlantedViolation[] = [
  {
    rule: 'format',
    check: 'format',
    files: { [`${planted}/unformatted.ts`]: 'export const a = "1"\n' },
    reported: /- core\/src\/planted\/unformatted\.ts$/m,
  },
  sourceFault('size-budget', `${planted}/too-long.ts`, '//\n'.repeat(301)),
  sourceFault('kebab-case', `${planted}/CamelCase.ts`, '//\n'),
  sourceFault('telling-name', `${planted}/path-utils.ts`, '//\n'),
  sourceFault('no-open-ends', `${planted}/open-end.ts`, `// ${'TO'}${'DO'}: later\n`),
  sourceFault('no-registry-hosts', `docs/planted-host.md`, `See registry.${'npmjs'}.org\n`),
  sourceFault('no-foreign-paths', `docs/planted-path.md`, `See ../${'shared'}/design\n`),
  sourceFault('no-authorship', `docs/planted-author.md`, `${'Co-Authored'}-By: somebody\n`),
  {
    rule: 'median-budget',
    check: 'sources',
    edit: lengthenMedian,
    reported: /The median source file has 91 lines.*\(median-budget\)/,
  },
  { rule: 'lock-complete', check: 'sources', edit: spoilLockFile, reported: /planted-platform is missing.*\(lock-complete\)/ },
  { rule: 'lock-places', check: 'sources', reported: /planted-place names where it comes from \(lock-places\)/ },
];

function sourceFault(rule: string, file: string, text: string): PlantedViolation {
  return {
    rule,
    check: 'sources',
    files: { [file]: text },
    reported: new RegExp(`^${escapePattern(file)}:.*\\(${rule}\\)$`, 'm'),
  };
}

function spoilLockFile(folder: string): void {
  const file = join(folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, unknown> };
  lock.packages['node_modules/planted-place'] = {
    resolved: 'https://packages.example/planted.tgz',
    optionalDependencies: { 'planted-platform': '1.0.0' },
  };
  writeFileSync(file, JSON.stringify(lock, null, 2));
}

/** As many files of 91 lines as there are others: one more and half of all are too long. */
function lengthenMedian(folder: string): void {
  const count = listProjectFiles(folder).filter((path) => path.includes('/src/')).length;
  mkdirSync(join(folder, planted, 'long'), { recursive: true });
  for (let index = 0; index <= count; index += 1)
    writeFileSync(join(folder, planted, 'long', `long-${index}.ts`), '//\n'.repeat(91));
}
