import { escapePattern, type PlantedViolation } from './planted-violation.ts';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const longFunction = `export function long(): number {\n${lines(49, (index) => `  if (long() === ${index}) return ${index};`)}\n  return 0;\n}`;

/** One for each rule of eslint.config.js: the rule, code that breaks it, and the folder if it is not just any. */
const cases: readonly (readonly [rule: string, code: string, folder?: string])[] = [
  ['@typescript-eslint/no-floating-promises', 'export function f(): void { Promise.resolve(1); }'],
  [
    '@typescript-eslint/no-misused-promises',
    'export function f(list: number[]): void { list.forEach(async () => Promise.resolve()); }',
  ],
  [
    '@typescript-eslint/switch-exhaustiveness-check',
    "export function f(n: 'a' | 'b'): void { switch (n) { case 'a': f('b'); } }",
  ],
  ['@typescript-eslint/naming-convention', 'export interface IThing { size: number }'],
  ['@typescript-eslint/no-unused-vars', 'export function f(unused: number): void {}'],
  ['@typescript-eslint/return-await', 'export async function f() { try { return Promise.resolve(1); } catch { return 0; } }'],
  ['@typescript-eslint/no-explicit-any', 'export const f = (x: any): unknown => x as unknown;'],
  ['@typescript-eslint/await-thenable', 'export async function f(): Promise<number> { return await 1; }'],
  ['@typescript-eslint/only-throw-error', "export function f(): never { throw 'text'; }"],
  ['eqeqeq', 'export const f = (n: number): boolean => n == 1;'],
  ['max-lines', lines(301, () => '//')],
  ['max-lines-per-function', longFunction],
  ['no-console', 'export const f = (): void => console.log(1);'],
  ['no-console', 'export const f = (): void => console.log(1);', 'plugins/local-disk/src/planted'],
  ['no-console', 'export const f = (): void => console.log(1);', 'cli/src/planted'],
  ['no-restricted-properties', 'export const f = (): number => Date.now();'],
  ['no-restricted-properties', 'export const f = (): number => performance.now();'],
  ['no-restricted-properties', 'export const f = (): bigint => process.hrtime.bigint();'],
  ['no-restricted-properties', 'export const f = (): number => Math.random();'],
  ['no-restricted-properties', 'export const f = (): unknown => process.env;'],
  ['no-restricted-properties', 'export const f = (): number => Math.random();', 'test/planted'],
  ['no-restricted-imports', "import { env } from 'node:process';\nexport const f = (): unknown => env;"],
  [
    'no-restricted-imports',
    "import { performance } from 'node:perf_hooks';\nexport const f = (): number => performance.timeOrigin;",
  ],
  ['no-restricted-syntax', 'export const f = (): Date => new Date();'],
  ['no-restricted-syntax', 'export const f = (): string => Date();'],
  ['no-restricted-syntax', '@((target: unknown) => target)\nexport class Box {}'],
  ['no-restricted-syntax', "export * from './planted-neighbour.js';"],
];

export const plantedLint: readonly PlantedViolation[] = cases.map(([rule, code, folder = 'core/src/planted'], index) => {
  const file = `${folder}/lint-${index}.ts`;
  return {
    rule,
    check: 'lint',
    files: { [file]: `${code}\n` },
    reported: new RegExp(`${escapePattern(file)}\\n(?: .*\\n)* .*\\s${escapePattern(rule)}$`, 'm'),
  };
});
