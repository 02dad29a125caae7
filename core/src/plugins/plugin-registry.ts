import type { Destination } from '../contracts/destination.ts';
import type { Contribution, PluginDefinition } from '../contracts/plugin.ts';
import type { SnapshotProvider } from '../contracts/snapshot.ts';
import type { Source } from '../contracts/source.ts';
import type { Verifier } from '../contracts/verifier.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { loadPlugin } from './load-plugin.ts';
import { type PluginInfo, type PluginReference, readPlugin } from './read-plugin.ts';

/** Finds who handles a location. The code of a plugin runs when something of it is first asked for, once. */
export class PluginRegistry {
  readonly plugins: readonly PluginInfo[];
  readonly #byScheme: ReadonlyMap<string, PluginInfo>;
  readonly #definitions = new Map<PluginInfo, Promise<PluginDefinition>>();

  /** Throws `plugin-invalid` when two plugins handle the same scheme. */
  constructor(plugins: readonly PluginInfo[]) {
    this.plugins = plugins;
    this.#byScheme = indexSchemes(plugins);
  }

  /** The source for `scheme`. Rejects with `plugin-missing`, `plugin-invalid`, or `unsupported` when such locations cannot be read from. */
  async source(scheme: string): Promise<Contribution<never, Source>> {
    const { sources = [] } = await this.#definition(scheme);
    return sources.find((each) => each.scheme === scheme) ?? this.#lacks(scheme, 'copied from');
  }

  /** The destination for `scheme`. Rejects as `source` does. */
  async destination(scheme: string): Promise<Contribution<never, Destination>> {
    const { destinations = [] } = await this.#definition(scheme);
    return destinations.find((each) => each.scheme === scheme) ?? this.#lacks(scheme, 'copied to');
  }

  /** What can freeze sources of this scheme, in the order to try them. */
  async snapshots(scheme: string): Promise<readonly SnapshotProvider[]> {
    return (await this.#definition(scheme)).snapshots ?? [];
  }

  /** How copies at destinations of this scheme can be proved, besides what the core can do everywhere. */
  async verifiers(scheme: string): Promise<readonly Verifier[]> {
    return (await this.#definition(scheme)).verifiers ?? [];
  }

  #definition(scheme: string): Promise<PluginDefinition> {
    const info = this.#byScheme.get(scheme);
    if (info === undefined) return Promise.reject(this.#missing(scheme));
    const loading = this.#definitions.get(info) ?? loadPlugin(info);
    this.#definitions.set(info, loading);
    return loading;
  }

  #missing(scheme: string): HoldfastError {
    const known = [...this.#byScheme.keys()].map((each) => `${each}:`).join(', ');
    return new HoldfastError('plugin-missing', `No plugin handles "${scheme}:" locations (there are: ${known}).`, {
      hint: `Install the plugin with \`npm i NAME\`, then \`holdfast plugin add NAME\`; for a path write "./${scheme}:…".`,
    });
  }

  #lacks(scheme: string, role: string): never {
    throw new HoldfastError(
      'unsupported',
      `"${scheme}:" locations cannot be ${role}: the plugin "${this.#byScheme.get(scheme)?.name}" cannot do that.`,
    );
  }
}

/** The registry of the plugins that the configuration names; reads their manifests and runs none of their code. Rejects as `readPlugin` does. */
export async function openPluginRegistry(
  references: readonly PluginReference[],
  bases: readonly string[],
): Promise<PluginRegistry> {
  const unique = references.filter(({ name }, index) => references.findIndex((each) => each.name === name) === index);
  return new PluginRegistry(await Promise.all(unique.map((reference) => readPlugin(reference, bases))));
}

function indexSchemes(plugins: readonly PluginInfo[]): Map<string, PluginInfo> {
  const byScheme = new Map<string, PluginInfo>();
  for (const plugin of plugins) {
    for (const scheme of new Set(plugin.manifest.schemes)) {
      const other = byScheme.get(scheme);
      if (other !== undefined) {
        throw new HoldfastError(
          'plugin-invalid',
          `Two plugins handle "${scheme}:" locations: "${other.name}" and "${plugin.name}".`,
          {
            hint: `Take one of them out with \`holdfast plugin remove ${plugin.name}\`.`,
          },
        );
      }
      byScheme.set(scheme, plugin);
    }
  }
  return byScheme;
}
