import { editManifest, escapePattern, type PlantedViolation } from './planted-violation.ts';

const neutralTarget = { 'core/src/planted/target.ts': 'export const target = 1;\n' };
interface ImportCase {
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  /** Other files that the import needs. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly edit?: (folder: string) => void;
}

const cases: readonly ImportCase[] = [
  {
    rule: 'no-cycles',
    file: 'core/src/planted/cycle-a.ts',
    from: './cycle-b.ts',
    beside: { 'core/src/planted/cycle-b.ts': "export * from './cycle-a.ts';\n" },
  },
  { rule: 'contracts-import-nothing', file: 'core/src/contracts/planted-node.ts', from: 'node:fs' },
  { rule: 'contracts-import-nothing', file: 'core/src/contracts/planted-package.ts', from: 'valibot' },
  { rule: 'contracts-import-nothing', file: 'core/src/contracts/planted-core.ts', from: '../errors/holdfast-error.ts' },
  { rule: 'errors-import-contracts', file: 'core/src/errors/planted.ts', from: '../paths/rel-path.ts' },
  { rule: 'neutral-stays-neutral', file: 'core/src/paths/planted.ts', from: '../planted/target.ts', beside: neutralTarget },
  {
    rule: 'pipeline-is-neutral',
    file: 'core/src/pipeline/planted.ts',
    from: '../layouts/planted-target.ts',
    beside: { 'core/src/layouts/planted-target.ts': 'export {};\n' },
  },
  {
    rule: 'layers-are-neutral',
    file: 'core/src/layers/planted.ts',
    from: '../pipeline/planted-target.ts',
    beside: { 'core/src/pipeline/planted-target.ts': 'export {};\n' },
  },
  {
    rule: 'layouts-are-neutral',
    file: 'core/src/layouts/planted.ts',
    from: '../layers/planted-target.ts',
    beside: { 'core/src/layers/planted-target.ts': 'export {};\n' },
  },
  { rule: 'layouts-know-pipeline-types', file: 'core/src/layouts/planted-call.ts', from: '../pipeline/planted-target.ts' },
  { rule: 'world-is-injected', file: 'core/src/pipeline/planted-clock.ts', from: '../environment/clock.ts' },
  { rule: 'plugins-import-the-plugin-entry', file: 'plugins/local-disk/src/planted-core.ts', from: '@holdfast/core' },
  {
    rule: 'plugins-import-the-plugin-entry',
    file: 'plugins/local-disk/src/planted-conformance.ts',
    from: '@holdfast/core/conformance',
  },
  { rule: 'plugin-tests-import-conformance', file: 'plugins/local-disk/src/planted.test.ts', from: '@holdfast/core' },
  { rule: 'cli-imports-the-core', file: 'cli/src/planted-plugin.ts', from: '@holdfast/local-disk' },
  { rule: 'cli-imports-the-core', file: 'cli/src/planted-core.ts', from: '@holdfast/core/plugin' },
  { rule: 'packages-import-by-name', file: 'plugins/local-disk/src/planted-path.ts', from: '../../../core/src/plugin.ts' },
  { rule: 'core-imports-no-package-of-ours', file: 'core/src/planted/upwards.ts', from: '@holdfast/local-disk' },
  { rule: 'tsyringe-only-in-the-container', file: 'core/src/planted/injection.ts', from: 'tsyringe' },
  {
    rule: 'no-test-code-in-the-product',
    file: 'core/src/planted/tested.ts',
    from: './planted.test.ts',
    beside: { 'core/src/planted/planted.test.ts': 'export {};\n' },
  },
  {
    rule: 'no-testing-in-the-product',
    file: 'core/src/planted/stand-in.ts',
    from: '../testing/planted-target.ts',
    beside: { 'core/src/testing/planted-target.ts': 'export {};\n' },
  },
  { rule: 'no-tools-in-the-product', file: 'core/src/planted/tool.ts', from: 'typescript', edit: addTool },
  { rule: 'no-unresolvable', file: 'core/src/planted/lost.ts', from: './no-such-file.ts' },
  { rule: 'no-undeclared-package', file: 'core/src/planted/undeclared.ts', from: 'koffi' },
];

function addTool(folder: string): void {
  editManifest(folder, (manifest) => (manifest['devDependencies'] = { typescript: '*' }));
}

export const plantedImports: readonly PlantedViolation[] = cases.map(({ rule, file, from, beside, edit = () => undefined }) => ({
  rule,
  check: 'imports',
  edit,
  files: { ...beside, [file]: `export * from '${from}';\n` },
  reported: new RegExp(`error ${escapePattern(rule)}: ${escapePattern(file)} `),
}));
