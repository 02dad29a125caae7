import { escapePattern, type PlantedViolation } from './planted-violation.ts';

/** One for each strict option of tsconfig.base.json: the option, the error that it makes, and code that deserves it. */
const cases: readonly (readonly [option: string, error: string, code: string])[] = [
  ['strict', 'TS2322', 'export const text: string = null;'],
  ['strict noImplicitAny', 'TS7006', 'export const first = (list) => list;'],
  [
    'strict useUnknownInCatchVariables',
    'TS18046',
    'export function read(): string { try { return ""; } catch (error) { return error.message; } }',
  ],
  ['allowUnreachableCode', 'TS7027', 'export function one(): number { return 1; one(); }'],
  ['allowUnusedLabels', 'TS7028', 'export function loop(): void { outer: for (;;) { break; } }'],
  ['erasableSyntaxOnly enum', 'TS1294', 'export enum Colour { Red }'],
  ['erasableSyntaxOnly namespace', 'TS1294', 'export namespace Space { export const x = 1; }'],
  ['erasableSyntaxOnly parameter property', 'TS1294', 'export class Box { constructor(readonly size: number) {} }'],
  ['exactOptionalPropertyTypes', 'TS2375', 'export const options: { size?: number } = { size: undefined };'],
  ['isolatedModules', 'TS2748', 'declare const enum Colour { Red }\nexport const red = Colour.Red;'],
  ['noFallthroughCasesInSwitch', 'TS7029', 'export function f(n: number): void { switch (n) { case 1: f(2); case 2: f(3); } }'],
  ['noImplicitOverride', 'TS4114', 'class A { run(): void {} }\nexport class B extends A { run(): void {} }'],
  ['noImplicitReturns', 'TS7030', 'export function f(n: number) { if (n > 1) { return 1; } }'],
  ['noPropertyAccessFromIndexSignature', 'TS4111', 'export const f = (map: Record<string, string>) => map.name;'],
  ['noUncheckedIndexedAccess', 'TS2322', 'export const first = (list: string[]): string => list[0];'],
  ['noUncheckedSideEffectImports', 'TS2882', "import './no-such-file.ts';"],
  ['noUnusedLocals', 'TS6133', 'export function f(): void { const unused = 1; }'],
  ['noUnusedParameters', 'TS6133', 'export function f(unused: number): void {}'],
  ['verbatimModuleSyntax', 'TS1484', "import { Clock } from '../environment/clock.ts';\nexport type Time = Clock;"],
];

export const plantedTypes: readonly PlantedViolation[] = cases.map(([option, error, code]) => {
  const file = `core/src/planted/types-${option.replace(/ /g, '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
  return {
    rule: option,
    check: 'types',
    files: { [file]: `${code}\n` },
    reported: new RegExp(`^${escapePattern(file)}\\(\\d+,\\d+\\): error ${error}:`, 'm'),
  };
});
