import { dirname } from 'node:path';
import { readConfiguration, writeConfiguration } from '../configuration/config-file.ts';
import { HoldfastError, toHoldfastError } from '../errors/holdfast-error.ts';
import { loadPlugin } from './load-plugin.ts';
import { PluginRegistry } from './plugin-registry.ts';
import { findPlugin, type PluginInfo, type PluginReference, readPlugin } from './read-plugin.ts';

/** Where plugins are listed and looked for. */
export interface PluginPlaces {
  /** The configuration file. */
  readonly configPath: string;
  /** Plugins that come with the program, by name. */
  readonly builtIn: readonly string[];
  /** Folder of the program, from which the plugins that come with it are found. */
  readonly programFolder: string;
}

/** A plugin as `holdfast plugin list` shows it: what is known of it, or why it cannot be used. */
export interface ListedPlugin {
  readonly name: string;
  readonly builtIn: boolean;
  readonly info?: PluginInfo;
  readonly error?: HoldfastError;
}

/**
 * The plugins that come with the program, then those of the configuration. A plugin without a recorded folder is looked for from the
 * program and from the configuration's folder; never from the folder somebody happens to be in, which may hold anything.
 */
export async function pluginReferences(places: PluginPlaces): Promise<PluginReference[]> {
  const { plugins } = await readConfiguration(places.configPath);
  const own = places.builtIn.map((name) => ({ name }));
  return [...own, ...plugins.filter(({ name }) => !places.builtIn.includes(name))];
}

export function pluginBases({ programFolder, configPath }: PluginPlaces): string[] {
  return [programFolder, dirname(configPath)];
}

/** Every plugin, usable or not. Runs none. Rejects with `config-invalid` only. */
export async function listPlugins(places: PluginPlaces): Promise<ListedPlugin[]> {
  const references = await pluginReferences(places);
  return Promise.all(
    references.map(async (reference): Promise<ListedPlugin> => {
      const builtIn = places.builtIn.includes(reference.name);
      try {
        return { name: reference.name, builtIn, info: await readPlugin(reference, pluginBases(places)) };
      } catch (error) {
        return { name: reference.name, builtIn, error: toHoldfastError(error) };
      }
    }),
  );
}

/**
 * Adds a plugin to the configuration, by a package's name or a path to its folder, with the folder where it is. Names are also looked
 * up from `cwd`, because the user says so here and now. Loads it, to see that it works. Rejects with `plugin-missing` or
 * `plugin-invalid`, and changes nothing then. `token` makes the temporary file's name unique.
 */
export async function addPlugin(nameOrPath: string, cwd: string, places: PluginPlaces, token: string): Promise<PluginInfo> {
  const info = await findPlugin(nameOrPath, [cwd, ...pluginBases(places)]);
  if (places.builtIn.includes(info.name))
    throw new HoldfastError('usage', `The plugin "${info.name}" comes with Holdfast.`, { hint: 'It needs no adding.' });
  const others = (await listPlugins(places)).filter(({ name }) => name !== info.name).map((each) => each.info);
  // Throws when two would handle the same locations.
  void new PluginRegistry([...others.filter((each) => each !== undefined), info]);
  await loadPlugin(info);
  const configuration = await readConfiguration(places.configPath);
  const plugins = [...configuration.plugins.filter(({ name }) => name !== info.name), { name: info.name, folder: info.folder }];
  await writeConfiguration(places.configPath, { ...configuration, plugins }, token);
  return info;
}

/** Takes a plugin out of the configuration. Rejects with `usage` when it is not in it. */
export async function removePlugin(name: string, places: PluginPlaces, token: string): Promise<void> {
  const configuration = await readConfiguration(places.configPath);
  const plugins = configuration.plugins.filter((each) => each.name !== name);
  if (plugins.length === configuration.plugins.length) {
    const reason = places.builtIn.includes(name) ? 'comes with Holdfast' : 'is not in the configuration';
    throw new HoldfastError('usage', `The plugin "${name}" ${reason}.`, { hint: 'See `holdfast plugin list`.' });
  }
  await writeConfiguration(places.configPath, { ...configuration, plugins }, token);
}
