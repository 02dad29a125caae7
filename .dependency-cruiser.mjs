/** Who may import whom. Each rule is an error, and `npm run check:rules` shows each one failing. */

/** Folders of the core that everybody in it may build on: pure code that knows no pipeline, layout or layer. */
const neutral = ['contracts', 'errors', 'paths', 'entries', 'selection', 'storage', 'values', 'verification'];
const neutralPath = `^core/src/(${neutral.join('|')})/`;
/** Environment is here for its types only: see `world-is-injected`. */
const everywhere = [...neutral, 'environment'];
const ours = '^(core|plugins|cli|test|scripts)/(?!.*node_modules/)';
/** Tests, and what only tests and the conformance checks use. */
const testFile = '([.]test[.]ts$|/testing/)';

/** Modules in core/src/`folder` import of our own code only that folder, the neutral ones, and `others`. */
function onlyNeutral(name, folder, comment, others = []) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^core/src/${folder}/`, pathNot: testFile },
    to: { path: ours, pathNot: `^core/src/(${[folder, ...everywhere, ...others].join('|')})/` },
  };
}

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contracts-import-nothing',
      comment: 'A contract stands for itself: neither our code nor a package nor Node stands behind it.',
      severity: 'error',
      from: { path: '^core/src/contracts/', pathNot: testFile },
      to: { pathNot: '^core/src/contracts/' },
    },
    {
      name: 'errors-import-contracts',
      comment: 'Errors are below everything but the contracts.',
      severity: 'error',
      from: { path: '^core/src/errors/', pathNot: testFile },
      to: { path: ours, pathNot: '^core/src/(errors|contracts)/' },
    },
    {
      name: 'neutral-stays-neutral',
      comment: 'What everybody builds on knows nobody.',
      severity: 'error',
      from: { path: neutralPath, pathNot: testFile },
      to: { path: ours, pathNot: `^core/src/(${everywhere.join('|')})/` },
    },
    onlyNeutral('pipeline-is-neutral', 'pipeline', 'The pipeline knows contracts, not who fulfils them.'),
    onlyNeutral('layers-are-neutral', 'layers', 'A layer wraps any destination and knows no layout or pipeline.'),
    onlyNeutral('layouts-are-neutral', 'layouts', 'A layout serves the pipeline over any destination.', ['pipeline']),
    {
      name: 'layouts-know-pipeline-types',
      comment: 'A layout fulfils what the pipeline asks for, so it knows its types and the records of a plan; it never calls it.',
      severity: 'error',
      from: { path: '^core/src/layouts/', pathNot: testFile },
      to: { path: '^core/src/pipeline/', pathNot: '/plan-record[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'world-is-injected',
      comment: 'Clock, chance and environment are injected: pipeline, layers and layouts know their types only.',
      severity: 'error',
      from: { path: [neutralPath, '^core/src/(pipeline|layers|layouts)/'], pathNot: testFile },
      to: { path: '^core/src/environment/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'plugins-import-the-plugin-entry',
      comment: 'A plugin sees of Holdfast what any author sees: @holdfast/core/plugin.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/', pathNot: testFile },
      to: { path: ours, pathNot: ['^plugins/$1/', '^core/src/plugin[.]ts$'] },
    },
    {
      name: 'plugin-tests-import-conformance',
      comment: 'The tests of a plugin may also use @holdfast/core/conformance and what all tests share.',
      severity: 'error',
      from: { path: `^plugins/([^/]+)/.*${testFile}` },
      to: { path: ours, pathNot: ['^plugins/$1/', '^core/src/(plugin|conformance)[.]ts$', '^test/fixtures/'] },
    },
    {
      name: 'cli-imports-the-core',
      comment: 'The program uses @holdfast/core; plugins reach it through the loader, by the name in the configuration.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: ours, pathNot: '^(cli/|core/src/index[.]ts$)' },
    },
    {
      name: 'packages-import-by-name',
      comment:
        'Another package is imported by its name, never by a path into its folder. What all tests share has no name, and looks inside.',
      severity: 'error',
      from: { path: '^(core|cli|test|plugins/[^/]+)/', pathNot: '^test/fixtures/' },
      to: { path: '^(core|cli|test|plugins)/', pathNot: ['^$1/', '^test/fixtures/'], dependencyTypes: ['local', 'localmodule'] },
    },
    {
      name: 'core-imports-no-package-of-ours',
      comment: 'The core is below every other package.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(plugins|cli|test)/', pathNot: '^test/fixtures/' },
    },
    {
      name: 'tsyringe-only-in-the-container',
      comment: 'One file set knows the injection library, so that it can be exchanged.',
      severity: 'error',
      from: { pathNot: '^core/src/container/' },
      to: { path: '(^|/)node_modules/(tsyringe|reflect-metadata)/' },
    },
    {
      name: 'no-test-code-in-the-product',
      comment: 'What ships imports no test; what tests share is open to the conformance checks too.',
      severity: 'error',
      from: { path: '^(core|cli|plugins)/', pathNot: testFile },
      to: { path: ['^test/', '[.]test[.]ts$'] },
    },
    {
      name: 'no-testing-in-the-product',
      comment: 'Stand-ins for real storage are for tests and the conformance checks.',
      severity: 'error',
      from: { path: '^(core|cli|plugins)/', pathNot: [testFile, '^core/src/conformance'] },
      to: { path: '/testing/', pathNot: 'node_modules/' },
    },
    {
      name: 'no-tools-in-the-product',
      comment: 'What ships imports no package that is installed for development only.',
      severity: 'error',
      from: { path: '^(core|cli|plugins)/', pathNot: testFile },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that does not resolve is no import.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that is imported stands in the package.json of who imports it.',
      severity: 'error',
      from: { path: '^(core|cli|plugins)/', pathNot: testFile },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(core|cli|plugins/[^/]+)/dist/' },
    enhancedResolveOptions: {
      conditionNames: ['holdfast-source', 'import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.json'],
    },
    moduleSystems: ['es6'],
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
