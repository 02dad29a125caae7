/**
 * Who may import whom. Each rule is an error, and `npm run check:rules` shows each one failing.
 * Folders that everybody in the core may build on, besides contracts and errors: pure code that knows no pipeline, layout or layer.
 */
const neutral = ['contracts', 'errors', 'paths', 'entries'];
const testFile = '[.]test[.]ts$';

/** Modules in core/src/`folder` import only from it and from the core folders named. Clock and chance are handed to them: see `world-is-injected`. */
function onlyCoreFolders(name, folder, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^core/src/${folder}/`, pathNot: testFile },
    to: { path: '^(core|plugins|cli|test)/', pathNot: `^core/src/(${[folder, 'environment', ...allowed].join('|')})/` },
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
    onlyCoreFolders('errors-import-contracts', 'errors', ['contracts'], 'Errors are below everything but the contracts.'),
    onlyCoreFolders('paths-stay-neutral', 'paths', ['contracts', 'errors'], 'Paths know contracts and errors.'),
    onlyCoreFolders(
      'entries-stay-neutral',
      'entries',
      ['contracts', 'errors', 'paths'],
      'Entries know contracts, errors and paths.',
    ),
    onlyCoreFolders('pipeline-is-neutral', 'pipeline', neutral, 'The pipeline knows contracts, not who fulfils them.'),
    onlyCoreFolders('layers-are-neutral', 'layers', neutral, 'A layer wraps any destination and knows no layout or pipeline.'),
    onlyCoreFolders('layouts-are-neutral', 'layouts', neutral, 'A layout serves any pipeline over any destination.'),
    {
      name: 'world-is-injected',
      comment: 'Clock, chance and environment are injected: pipeline, layers and layouts know their types only.',
      severity: 'error',
      from: { path: '^core/src/(contracts|errors|paths|entries|pipeline|layers|layouts)/', pathNot: testFile },
      to: { path: '^core/src/environment/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'plugins-import-the-plugin-entry',
      comment: 'A plugin sees of Holdfast what any author sees: @holdfast/core/plugin.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/', pathNot: testFile },
      to: { path: '^(core|plugins|cli|test)/', pathNot: ['^plugins/$1/', '^core/src/plugin[.]ts$'] },
    },
    {
      name: 'plugin-tests-import-conformance',
      comment: 'The tests of a plugin may also use @holdfast/core/conformance.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/.*[.]test[.]ts$' },
      to: { path: '^(core|plugins|cli|test)/', pathNot: ['^plugins/$1/', '^core/src/(plugin|conformance)[.]ts$'] },
    },
    {
      name: 'cli-imports-the-core',
      comment: 'The program uses @holdfast/core; plugins reach it through the loader, by the name in the configuration.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(core|plugins|test)/', pathNot: '^core/src/index[.]ts$' },
    },
    {
      name: 'packages-import-by-name',
      comment: 'Another package is imported by its name, never by a path into its folder.',
      severity: 'error',
      from: { path: '^(core|cli|test|plugins/[^/]+)/' },
      to: { path: '^(core|cli|test|plugins)/', pathNot: '^$1/', dependencyTypes: ['local', 'localmodule'] },
    },
    {
      name: 'core-imports-no-package-of-ours',
      comment: 'The core is below every other package.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(plugins|cli|test)/' },
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
      comment: 'What ships imports no test.',
      severity: 'error',
      from: { path: '^(core|cli|plugins)/', pathNot: testFile },
      to: { path: testFile },
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
    exclude: { path: '/(dist|node_modules/[.]cache)/' },
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
