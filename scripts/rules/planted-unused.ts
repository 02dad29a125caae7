import { editManifest, escapePattern, type PlantedViolation } from './planted-violation.ts';

const planted = 'core/src/planted';

/** A line of the output that names a file, below the heading of its kind. */
function listedUnder(heading: string, text: string): RegExp {
  return new RegExp(`^${escapePattern(heading)} \\(\\d+\\)\\n(?:(?![A-Z].* \\(\\d+\\)$).*\\n)*${escapePattern(text)}`, 'm');
}

const unusedEntry = `${planted}/planted-used.test.ts`;

export const plantedUnused: readonly PlantedViolation[] = [
  {
    rule: 'unused file',
    check: 'unused',
    files: { [`${planted}/nobody.ts`]: 'export {};\n' },
    reported: listedUnder('Unused files', `${planted}/nobody.ts`),
  },
  {
    rule: 'unused export',
    check: 'unused',
    files: {
      [`${planted}/half-used.ts`]:
        'export const used = 1;\nexport const unusedExport = 2;\nexport interface UnusedType { size: number }\n',
      [unusedEntry]: "import { used } from './half-used.ts';\nvoid used;\n",
    },
    reported: listedUnder('Unused exports', 'unusedExport'),
  },
  { rule: 'unused type', check: 'unused', reported: listedUnder('Unused exported types', 'UnusedType') },
  {
    rule: 'unused dependency',
    check: 'unused',
    edit: addDependency,
    reported: listedUnder('Unused dependencies', 'planted-dependency'),
  },
  {
    rule: 'unlisted dependency',
    check: 'unused',
    files: { [`${planted}/planted-unlisted.test.ts`]: "import 'planted-unlisted';\n" },
    reported: listedUnder('Unlisted dependencies', 'planted-unlisted'),
  },
];

function addDependency(folder: string): void {
  editManifest(folder, (manifest) => Object.assign(manifest['dependencies'] as object, { 'planted-dependency': '1.0.0' }));
}
