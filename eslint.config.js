import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What Node cannot run, though the compiler takes it. */
const syntax = [
  { selector: 'Decorator', message: 'Node runs our sources as they are, and it knows no decorators.' },
  {
    selector: ':matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration)[source.value=/^[.].*[.]js$/]',
    message: 'Import our sources by the name that they have: .ts',
  },
];

const clockFile = 'core/src/environment/clock.ts';
const environmentFile = 'core/src/environment/process-environment.ts';
const terminalFolder = 'cli/src/terminal/**';

const clock = 'Take the time from the injected clock (core/src/environment/clock.ts).';
const chance = 'Take chance from the injected random source (core/src/environment/random.ts).';
const environment = 'Read environment variables through core/src/environment/process-environment.ts.';

/** What comes from the world outside enters in one place each: the rules that keep it out of everywhere but there. */
const restrictions = {
  clock: {
    properties: [
      { object: 'Date', property: 'now', message: clock },
      { object: 'performance', property: 'now', message: clock },
      { object: 'process', property: 'hrtime', message: clock },
    ],
    syntax: [
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock },
      { selector: 'CallExpression[callee.name="Date"]', message: clock },
    ],
    imports: [{ name: 'node:perf_hooks', importNames: ['performance'], message: clock }],
  },
  chance: { properties: [{ object: 'Math', property: 'random', message: chance }], syntax: [], imports: [] },
  environment: {
    properties: [{ object: 'process', property: 'env', message: environment }],
    syntax: [],
    imports: [{ name: 'node:process', importNames: ['env'], message: environment }],
  },
};

function restrict(...names) {
  const chosen = names.map((name) => restrictions[name]);
  const rule = (key) => {
    const options = chosen.flatMap((restriction) => restriction[key]);
    return options.length === 0 ? 'off' : ['error', ...options];
  };
  return {
    'no-restricted-properties': rule('properties'),
    'no-restricted-syntax': ['error', ...syntax, ...chosen.flatMap((restriction) => restriction.syntax)],
    'no-restricted-imports': rule('imports'),
  };
}

export default defineConfig(
  globalIgnores(['**/dist/', '**/node_modules/', 'coverage/', '.cache/']),
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: false, skipComments: false, IIFEs: true }],
      'no-console': 'error',
      ...restrict('clock', 'chance', 'environment'),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: [clockFile], rules: restrict('chance', 'environment') },
  { files: [environmentFile], rules: restrict('clock', 'chance') },
  { files: [terminalFolder], rules: { 'no-console': 'off' } },
  { files: ['**/*.test.ts', 'test/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  // Tests and scripts are themselves the outermost edge: they start programs, take times and print.
  { files: ['scripts/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off', ...restrict('chance') } },
);
