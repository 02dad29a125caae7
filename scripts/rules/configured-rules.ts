import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A rule that this project sets itself, by the check that keeps it. */
export interface ConfiguredRule {
  readonly check: string;
  readonly rule: string;
}

/** Options of tsconfig.base.json that choose a way of working and forbid nothing. */
const notRules = ['allowImportingTsExtensions', 'resolveJsonModule', 'rewriteRelativeImportExtensions', 'skipLibCheck'];

/** What the configurations of tsc, eslint and dependency-cruiser name. The rules of a preset are proven by its makers. */
export async function readConfiguredRules(project: string): Promise<ConfiguredRule[]> {
  return [
    ...readTypeRules(project).map((rule) => ({ check: 'types', rule })),
    ...(await readLintRules(project)).map((rule) => ({ check: 'lint', rule })),
    ...(await readImportRules(project)).map((rule) => ({ check: 'imports', rule })),
  ];
}

function readTypeRules(project: string): string[] {
  const text = readFileSync(join(project, 'tsconfig.base.json'), 'utf8');
  const { compilerOptions } = JSON.parse(text) as { compilerOptions: Record<string, unknown> };
  return Object.keys(compilerOptions).filter((name) => typeof compilerOptions[name] === 'boolean' && !notRules.includes(name));
}

async function readLintRules(project: string): Promise<string[]> {
  const { default: configs } = (await import(join(project, 'eslint.config.js'))) as {
    default: readonly { name?: string; rules?: Record<string, unknown> }[];
  };
  const own = configs.filter((config) => config.name === undefined).flatMap((config) => Object.entries(config.rules ?? {}));
  return [...new Set(own.filter(([, level]) => level !== 'off').map(([rule]) => rule))];
}

async function readImportRules(project: string): Promise<string[]> {
  const { default: config } = (await import(join(project, '.dependency-cruiser.mjs'))) as {
    default: { forbidden: readonly { name: string }[] };
  };
  return config.forbidden.map((rule) => rule.name);
}
