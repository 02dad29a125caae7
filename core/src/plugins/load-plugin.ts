import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contribution, PluginDefinition } from '../contracts/plugin.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { packageEntry } from './package-entry.ts';
import type { PluginInfo } from './read-plugin.ts';

/** Conditions under which Node resolves an `import`; ours is on where the program runs from its sources. */
const conditions = new Set(['node', 'import', 'module-sync', ...(import.meta.url.endsWith('.ts') ? ['holdfast-source'] : [])]);

/**
 * Runs the entry module of a plugin and checks that it is what its manifest says. Rejects with `plugin-invalid` when it throws, exports
 * no definition, or a definition that is not the one announced.
 */
export async function loadPlugin(info: PluginInfo): Promise<PluginDefinition> {
  const entry = packageEntry(info.entryFields, conditions);
  if (entry === undefined) throw invalid(info, 'its package.json exports no entry module');
  const definition = await importDefault(info, join(info.folder, entry));
  const fault = faultOf(definition, info);
  if (fault !== undefined) throw invalid(info, fault);
  return definition as PluginDefinition;
}

async function importDefault(info: PluginInfo, path: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    throw invalid(info, `it fails to load: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function faultOf(definition: unknown, info: PluginInfo): string | undefined {
  if (typeof definition !== 'object' || definition === null) return 'its entry module exports no definition by default';
  const { apiVersion, sources = [], destinations = [], snapshots = [], verifiers = [] } = definition as Partial<PluginDefinition>;
  if (apiVersion !== info.manifest.apiVersion) {
    return `its code says apiVersion ${JSON.stringify(apiVersion)}, its package.json ${info.manifest.apiVersion}`;
  }
  if (![sources, destinations, snapshots, verifiers].every(Array.isArray)) return 'its contributions are no lists';
  for (const [kind, contributions] of Object.entries({ sources, destinations })) {
    const wrong = contributions.findIndex((each) => !isContribution(each));
    if (wrong >= 0) return `${kind}[${wrong}] lacks scheme, config, secrets, parseLocation or open`;
    const schemes = contributions.map(({ scheme }) => scheme);
    const twice = schemes.find((scheme, index) => schemes.indexOf(scheme) < index);
    if (twice !== undefined) return `it has two ${kind} for "${twice}:"`;
  }
  return schemeFault(
    [...sources, ...destinations].map(({ scheme }) => scheme),
    info.manifest.schemes,
  );
}

function schemeFault(defined: readonly string[], announced: readonly string[]): string | undefined {
  const hidden = defined.find((scheme) => !announced.includes(scheme));
  if (hidden !== undefined) return `its code handles "${hidden}:", which its package.json does not announce`;
  const absent = announced.find((scheme) => !defined.includes(scheme));
  return absent === undefined ? undefined : `its package.json announces "${absent}:", which its code does not handle`;
}

function isContribution(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { scheme, config, secrets, parseLocation, open } = value as Partial<Contribution<never, unknown>>;
  return (
    typeof scheme === 'string' &&
    typeof config?.['~standard']?.validate === 'function' &&
    Array.isArray(secrets) &&
    typeof parseLocation === 'function' &&
    typeof open === 'function'
  );
}

function invalid(info: PluginInfo, reason: string, cause?: unknown): HoldfastError {
  return new HoldfastError('plugin-invalid', `The plugin "${info.name}" ${info.version} cannot be used: ${reason}.`, {
    hint: `Update it, or take it out with \`holdfast plugin remove ${info.name}\`.`,
    cause,
  });
}
